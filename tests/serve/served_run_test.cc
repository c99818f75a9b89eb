#include "serve/served_run.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "base/files.h"
#include "expect_error.h"
#include "serve/small_run.h"
#include "temporary_folder.h"

namespace faultline::serve {
namespace {

using Json = nlohmann::ordered_json;
using faultline::test::TemporaryFolder;

// The images that a payload lists.
std::vector<std::string> files_in(ServedRun& run) {
  return Json::parse(*run.payload()).at("images").at("file").get<std::vector<std::string>>();
}

TEST(ServedRun, SeesImagesThatAreCommittedMeanwhile) {
  const TemporaryFolder folder;
  store::Store writer = test::begin_run(folder / "run");
  ServedRun run(folder / "run");
  EXPECT_EQ(run.state().images, 0);
  EXPECT_EQ(run.state().model_file, "net.onnx");
  for (std::int64_t image = 0; image < 5; ++image) test::add_image(writer, image);
  EXPECT_EQ(run.state().images, 5);
  EXPECT_EQ(run.state().studied, 4);
  EXPECT_FALSE(run.state().finished);
  writer.begin();
  writer.insert(store::ImageRow{.image = 5, .status = "studied"});
  EXPECT_EQ(run.state().images, 5);  // not committed yet
  writer.commit();
  EXPECT_EQ(run.state().images, 6);
  writer.set_finished();
  EXPECT_TRUE(run.state().finished);
}

TEST(ServedRun, MakesThePayloadOnceForAState) {
  const TemporaryFolder folder;
  store::Store writer = test::begin_run(folder / "run");
  test::add_image(writer, 0);
  ServedRun run(folder / "run");
  const auto first = run.payload();
  std::vector<std::thread> threads;
  std::atomic<int> same = 0;
  for (int i = 0; i < 16; ++i) threads.emplace_back([&] { same += run.payload() == first ? 1 : 0; });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(same, 16);
  EXPECT_TRUE(Json::parse(*first).at("on_demand").get<bool>());
  test::add_image(writer, 1);
  // Soon, if not at once: what is made for a growing run is kept for a little.
  for (int i = 0; i < 3000 && files_in(run).size() < 2; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(files_in(run), (std::vector<std::string>{"0.png", "1.png"}));
  run.forget_payload();
  EXPECT_EQ(files_in(run).size(), 2U);
}

TEST(ServedRun, GivesPicturesAndMapsOfAnyImage) {
  const TemporaryFolder folder;
  store::Store writer = test::begin_run(folder / "run");
  for (std::int64_t image = 0; image < 3; ++image) test::add_image(writer, image);
  const ServedRun run(folder / "run");
  const Json inputs = Json::parse(run.inputs(2).value());
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_EQ(inputs[0].at("kind"), "clean");
  EXPECT_EQ(inputs[1].at("kind"), "adversarial");
  EXPECT_EQ(inputs[1].at("webp"), "AgEC");
  EXPECT_EQ(inputs[1].at("maps").at(0).at("values"), "AQI=");
  EXPECT_EQ(run.picture(2), std::string("\2\1\2"));
  EXPECT_FALSE(run.inputs(3));
  EXPECT_FALSE(run.picture(3));
}

TEST(ServedRun, SeesThatTheRunIsAnotherOne) {
  const TemporaryFolder folder;
  {
    store::Store writer = test::begin_run(folder / "run", "2026-01-01T00:00:00Z");
    test::add_image(writer, 0);
  }
  ServedRun run(folder / "run");
  EXPECT_EQ(files_in(run).size(), 1U);
  std::filesystem::remove_all(folder / "run");
  EXPECT_NE(run.state().problem, "");
  faultline::test::expect_error([&] { (void)run.payload(); }, ErrorKind::io, "run.sqlite is missing");
  const store::Store other = test::begin_run(folder / "run", "2026-01-02T00:00:00Z");
  EXPECT_EQ(run.state().created, "2026-01-02T00:00:00Z");
  EXPECT_EQ(files_in(run).size(), 0U);
}

// A file system gives the number of a removed file to the next one.
TEST(ServedRun, SeesThatTheRunIsAnotherOneInTheSameFile) {
  const TemporaryFolder folder;
  {
    store::Store writer = test::begin_run(folder / "run", "2026-01-01T00:00:00Z");
    test::add_image(writer, 0);
    store::Store other = test::begin_run(folder / "other", "2026-01-02T00:00:00Z");
    test::add_image(other, 0);
    test::add_image(other, 1);
  }
  ServedRun run(folder / "run");
  EXPECT_EQ(files_in(run).size(), 1U);
  const std::string other = read_file(folder / "other/run.sqlite");
  std::ofstream(folder / "run/run.sqlite", std::ios::binary | std::ios::trunc) << other;
  EXPECT_EQ(files_in(run).size(), 2U);
}

TEST(ServedRun, SaysWhatIsWrongWithAStore) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "run");
  write_file(folder / "run/run.sqlite", "no database");
  ServedRun run(folder / "run");
  EXPECT_NE(run.state().problem, "");
  EXPECT_TRUE(to_json(run.state()).contains("problem"));
}

}  // namespace
}  // namespace faultline::serve
