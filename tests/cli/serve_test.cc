#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "cli/documents.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "serve/raw_client.h"
#include "temporary_folder.h"

namespace faultline::test {
namespace {

using serve::test::answer_to;
using serve::test::get;
using serve::test::status_of;
using testing::HasSubstr;
using testing::MatchesRegex;

std::string body_of(const std::string& answer) {
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

// Serves, calls work(port) once the address is there, then interrupts.
template <class Work>
Outcome serve_while(const std::vector<std::string>& words, const Work& work) {
  const TemporaryFolder folder;
  const std::filesystem::path out = folder / "out";
  bool done = false;
  Outcome outcome = run(words, {.standard_output = out, .interrupt_when = [&] {
                                  const std::string line = read_file(out);
                                  if (!line.ends_with("/\n")) return false;
                                  if (!done) work(std::stoi(line.substr(line.rfind(':') + 1)));
                                  done = true;
                                  return true;
                                }});
  outcome.out = read_file(out);
  EXPECT_TRUE(done) << outcome.err;
  return outcome;
}

TEST(Serve, GivesTheReportOfARunUntilItIsInterrupted) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "set");
  for (int i = 0; i < 2; ++i) write_picture(folder / ("set/" + std::to_string(i) + ".png"), i);
  const std::string run_folder = (folder / "run").string();
  expect_success(
      run({"study", tiny_model().string(), (folder / "set").string(), "-o", run_folder, "--attack",
           "pgd:steps=3", "--eps", "64/255", "--at", "fixed", "--draws", "3", "--causal", "none", "-q"}));
  const auto look = [&](int port) {
    EXPECT_THAT(answer_to(port, get(port, "/")), HasSubstr("report.js"));
    const Json payload = Json::parse(body_of(answer_to(port, get(port, "/api/run"))));
    EXPECT_EQ(payload.at("images").at("file").size(), 2U);
    EXPECT_EQ(payload.at("exemplars").size(), 2U);
    EXPECT_EQ(payload.at("exemplars").at(0).at("inputs").at(0).at("webp"), "");
    const Json inputs = Json::parse(body_of(answer_to(port, get(port, "/api/image/0"))));
    EXPECT_EQ(inputs.size(), payload.at("exemplars").at(0).at("inputs").size());
    EXPECT_GT(inputs.at(0).at("webp").get<std::string>().size(), 20U);
    EXPECT_EQ(inputs.at(0).at("maps").size(), payload.at("network").at("layers").size());
    EXPECT_EQ(Json::parse(body_of(answer_to(port, get(port, "/api/state")))).at("finished"), true);
    EXPECT_EQ(status_of(answer_to(port, get(port, "/run.sqlite"))), 404);
    const Json choices = Json::parse(body_of(answer_to(port, get(port, "/api/try"))));
    EXPECT_EQ(choices.at("models").at(0).at("name"), tiny_model().filename().string());
  };
  const Outcome outcome = serve_while({"serve", run_folder, "--model", tiny_model().string()}, look);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, MatchesRegex("http://localhost:[0-9]+/\n"));
}

TEST(Serve, ListsTheRunsOfAFolder) {
  const TemporaryFolder folder;
  const Outcome outcome = serve_while({"serve", folder.path().string(), "--host", "127.0.0.1"}, [](int port) {
    EXPECT_EQ(body_of(answer_to(port, get(port, "/api/runs"))), "[]");
    EXPECT_EQ(status_of(answer_to(port, get(port, "/try"))), 200);
    const Json choices = Json::parse(body_of(answer_to(port, get(port, "/api/try"))));
    EXPECT_EQ(choices.at("models").at(0).at("name"), "vgg16-slim-imagenette.onnx");
  });
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, MatchesRegex("http://127.0.0.1:[0-9]+/\n"));
}

TEST(Serve, RefusesWhatItCannotServe) {
  const TemporaryFolder folder;
  const std::string given = folder.path().string();
  expect_failure(run({"serve"}), 2, {"RUN"});
  expect_failure(run({"serve", (folder / "none").string()}), 6, {"cannot serve", "none"});
  for (const char* port : {"x", "-1", "65536", "80.5"})
    expect_failure(run({"serve", given, "--port", port}), 2, {"--port"});
  for (const char* host : {"0.0.0.0", "example.com", "::", "10.0.0.1"})
    expect_failure(run({"serve", given, "--host", host}), 2, {"--host", host, "this machine only"});
  expect_failure(run({"serve", given, "--model", (folder / "none.onnx").string()}), 3, {"none.onnx"});
}

}  // namespace
}  // namespace faultline::test
