#include <gtest/gtest.h>

#include <algorithm>

#include "cli/documents.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "temporary_folder.h"

namespace faultline::test {
namespace {

using Keys = std::set<std::string>;

class Tune : public testing::Test {
 protected:
  Outcome tune(const std::vector<std::string>& more, const RunOptions& options = {}) const {
    std::vector<std::string> all = {"tune", tiny_model().string(), "-o", table_.string()};
    all.insert(all.end(), more.begin(), more.end());
    return run(all, options);
  }

  TemporaryFolder folder_;
  std::filesystem::path table_ = folder_ / "kernels.json";
};

TEST_F(Tune, WritesATableThatPredictTakesAndThatChangesNoClass) {
  const Outcome outcome = tune({"--repeat", "1", "--rows", "2", "-q"});
  expect_success(outcome);
  EXPECT_EQ(outcome.err, "");
  EXPECT_NE(outcome.out.find("GFLOP/s"), std::string::npos);
  EXPECT_NE(outcome.out.find(table_.string()), std::string::npos);
  const std::string picture = (folder_ / "a.png").string();
  write_picture(picture);
  const auto top = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = {"predict", tiny_model().string(), picture, "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome predicted = run(words);
    expect_success(predicted);
    return Json::parse(predicted.out)["images"][0]["top"];
  };
  const Json expected = top({});
  for (const std::string precision : {"f32", "fast", "bf16"}) {
    SCOPED_TRACE(precision);
    const Json found = top({"--kernels", table_.string(), "--precision", precision});
    EXPECT_EQ(found[0]["class_index"], expected[0]["class_index"]);
    EXPECT_NEAR(found[0]["probability"].get<double>(), expected[0]["probability"].get<double>(), 0.01);
  }
}

TEST_F(Tune, PutsExactShapesBeforeTheDefaultRules) {
  const Json document = Json::parse(tune({"--repeat", "1", "--json"}).out);
  EXPECT_EQ(keys_of(document),
            (Keys{"version", "model", "kernel_table", "threads", "rows", "repeat", "convolutions"}));
  const Json rules = read_json(table_)["rules"];
  const auto exact = [](const Json& rule) {
    return rule.contains("isa") && rule.contains("direction") && rule.contains("width") &&
           rule["inputs"][0] == rule["inputs"][1] && rule["width"][0] == rule["width"][1];
  };
  EXPECT_TRUE(exact(rules.front()));
  EXPECT_FALSE(exact(rules.back()));
  for (const Json& convolution : document["convolutions"]) {
    EXPECT_EQ(keys_of(convolution), (Keys{"node", "count", "direction", "isa", "inputs", "outputs", "height",
                                          "width", "kernel", "stride", "multiply_adds", "times"}));
    // The first rule of this shape has its fastest algorithm.
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const Json& candidate) {
      return exact(candidate) && candidate["direction"] == convolution["direction"] &&
             candidate["inputs"][0] == convolution["inputs"] &&
             candidate["outputs"][0] == convolution["outputs"] &&
             candidate["width"][0] == convolution["width"];
    });
    ASSERT_NE(rule, rules.end());
    EXPECT_EQ((*rule)["algorithm"], convolution["times"][0]["algorithm"]);
    double before = 0;
    for (const Json& time : convolution["times"]) {
      EXPECT_EQ(keys_of(time), (Keys{"algorithm", "implementation", "seconds"}));
      EXPECT_GE(time["seconds"], before);
      before = time["seconds"];
    }
  }
}

TEST_F(Tune, WorksOnEveryInstructionSet) {
  for (const std::string isa : {"SSE41", "AVX2"}) {
    SCOPED_TRACE(isa);
    const Outcome outcome = tune({"--repeat", "1", "--json"}, {.environment = {"ONEDNN_MAX_CPU_ISA=" + isa}});
    expect_success(outcome);
    const Json document = Json::parse(outcome.out);
    for (const Json& convolution : document.at("convolutions")) {
      EXPECT_EQ(convolution["isa"], isa == "AVX2" ? "avx2" : "sse41");
      for (const Json& time : convolution["times"]) EXPECT_NE(time["algorithm"], "bf16");
    }
  }
}

TEST_F(Tune, LeavesNoTableBehindWhenStopped) {
  expect_error_line(tune({"-q", "--repeat", "1000"}, {.interrupt_when = [] { return true; }}), 130,
                    {"stopped"});
  EXPECT_EQ(files_below(folder_.path()), std::vector<std::string>());
}

TEST_F(Tune, SaysWhichTableItCannotWrite) {
  table_ = folder_ / "none" / "kernels.json";
  expect_failure(tune({"-q", "--repeat", "1"}), 6, {table_.string()});
}

}  // namespace
}  // namespace faultline::test
