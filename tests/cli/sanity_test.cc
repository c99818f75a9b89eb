#include <gtest/gtest.h>

#include "cli/documents.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "temporary_folder.h"

namespace faultline::test {
namespace {

TEST(Sanity, PrintsWhichMethodsPass) {
  const TemporaryFolder folder;
  write_picture(folder / "a.png");
  const std::string picture = (folder / "a.png").string();
  const Outcome table = run(
      {"sanity", tiny_model(), picture, "--methods", "layercam,eigencam", "--layer", "block1_conv1", "-q"});
  expect_success(table);
  EXPECT_NE(table.out.find("\nlayercam"), std::string::npos) << table.out;
  EXPECT_NE(table.out.find("\neigencam"), std::string::npos) << table.out;
  EXPECT_NE(table.out.find("fails"), std::string::npos) << table.out;
  const Outcome json =
      run({"sanity", tiny_model(), picture, "--methods", "eigencam", "--layer", "block1_conv1", "--json"});
  expect_success(json);
  const Json method = Json::parse(json.out)["methods"][0];
  EXPECT_EQ(method["method"], "eigencam");
  EXPECT_EQ(method["passes"], false);
  EXPECT_EQ(method["randomised"].back()["layer"], "block1_conv1");
  EXPECT_EQ(method["randomised"][0]["similarity"].size(), 1U);
}

TEST(Sanity, TakesParametersOfMethods) {
  const TemporaryFolder folder;
  write_picture(folder / "a.png");
  const auto of = [&](const std::string& samples) {
    const Outcome outcome = run({"sanity", tiny_model(), (folder / "a.png").string(), "--methods",
                                 "smoothgrad", "--set", "smoothgrad.samples=" + samples, "--json"});
    expect_success(outcome);
    return Json::parse(outcome.out);
  };
  const Json two = of("2");
  EXPECT_EQ(two["settings"]["smoothgrad"]["samples"], 2);
  EXPECT_NE(two["methods"], of("3")["methods"]);
}

TEST(Sanity, RefusesWhatDoesNotExist) {
  const TemporaryFolder folder;
  write_picture(folder / "a.png");
  const std::string picture = (folder / "a.png").string();
  expect_failure(run({"sanity", tiny_model(), picture, "--methods", "scam"}), 2, {"scam"});
  expect_failure(run({"sanity", tiny_model(), picture, "--layer", "nowhere"}), 2, {"nowhere"});
  expect_failure(run({"sanity", tiny_model(), picture, "--set", "smoothgrad.sample=3"}), 2, {"sample"});
}

}  // namespace
}  // namespace faultline::test
