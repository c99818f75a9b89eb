#include <gtest/gtest.h>

#include <algorithm>

#include "cli/documents.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "temporary_folder.h"

namespace faultline::test {
namespace {

class EngineOptions : public testing::Test {
 protected:
  void SetUp() override { write_picture(folder_ / "a.png"); }

  Outcome predict(const std::vector<std::string>& more, const RunOptions& options = {}) const {
    std::vector<std::string> all = {"predict", tiny_model().string(), (folder_ / "a.png").string(), "--json"};
    all.insert(all.end(), more.begin(), more.end());
    return run(all, options);
  }
  // The class and its probability.
  static Json first(const Outcome& outcome) {
    expect_success(outcome);
    return Json::parse(outcome.out)["images"][0]["top"][0];
  }
  // `engine` of attack.json.
  Json recorded(const std::vector<std::string>& more, const RunOptions& options = {}) const {
    std::vector<std::string> all = {"attack",
                                    tiny_model().string(),
                                    (folder_ / "a.png").string(),
                                    "-o",
                                    (folder_ / "out").string(),
                                    "--set",
                                    "steps=1",
                                    "--json"};
    all.insert(all.end(), more.begin(), more.end());
    const Outcome outcome = run(all, options);
    expect_success(outcome);
    return Json::parse(outcome.out)["engine"];
  }
  std::string write_table(const std::string& text) const {
    const std::filesystem::path file = folder_ / "kernels.json";
    write_file(file, text);
    return file.string();
  }

  TemporaryFolder folder_;
};

TEST_F(EngineOptions, EveryPrecisionSeesTheSameAndIsRecorded) {
  const Json expected = first(predict({"--engine", "reference"}));
  for (const std::string precision : {"f32", "fast"}) {
    SCOPED_TRACE(precision);
    const Json found = first(predict({"--precision", precision}));
    EXPECT_EQ(found["class_index"], expected["class_index"]);
    EXPECT_NEAR(found["probability"].get<double>(), expected["probability"].get<double>(), 1e-5);
    EXPECT_EQ(recorded({"--precision", precision})["precision"], precision);
  }
  EXPECT_EQ(recorded({})["precision"], "fast");
}

// On older processors nothing fails: bf16 becomes f32, and says so once.
TEST_F(EngineOptions, EveryPrecisionRunsOnEveryInstructionSet) {
  const Json expected = first(predict({"--engine", "reference"}));
  for (const std::string isa : {"SSE41", "AVX2"}) {
    const RunOptions capped{.environment = {"ONEDNN_MAX_CPU_ISA=" + isa}};
    for (const std::string precision : {"f32", "fast", "bf16"}) {
      SCOPED_TRACE(std::string(isa).append(" ").append(precision));
      const Outcome outcome = predict({"--precision", precision}, capped);
      const Json found = first(outcome);
      EXPECT_EQ(found["class_index"], expected["class_index"]);
      EXPECT_NEAR(found["probability"].get<double>(), expected["probability"].get<double>(), 1e-5);
      const bool warned = precision == "bf16";
      EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), warned ? 1 : 0) << outcome.err;
      if (warned) {
        for (const char* part : {"warning", "bf16", "AVX-512", "ONEDNN_MAX_CPU_ISA", "f32"})
          EXPECT_NE(outcome.err.find(part), std::string::npos) << outcome.err;
      }
    }
    EXPECT_EQ(recorded({"--precision", "bf16", "-q"}, capped)["precision"], "f32");
  }
}

TEST_F(EngineOptions, AnUnknownPrecisionIsRefusedWithTheKnownOnes) {
  expect_failure(predict({"--precision", "f16"}), 2, {"--precision", "f16", "f32", "fast", "bf16"});
}

TEST_F(EngineOptions, AKernelTableIsUsedAndItsHashRecorded) {
  const std::string table = write_table(R"({"version": 1, "rules": [{"algorithm": "direct"}]})");
  const Json expected = first(predict({"--precision", "f32"}));
  const Json found = first(predict({"--precision", "fast", "--kernels", table}));
  EXPECT_EQ(found["class_index"], expected["class_index"]);
  EXPECT_NEAR(found["probability"].get<double>(), expected["probability"].get<double>(), 1e-6);
  EXPECT_EQ(recorded({"--kernels", table})["kernel_table"].get<std::string>().size(), 64U);
  EXPECT_NE(recorded({"--kernels", table})["kernel_table"], recorded({})["kernel_table"]);
}

TEST_F(EngineOptions, ABadKernelTableIsRefusedNamingFileAndKey) {
  const auto refused = [&](const std::string& text, const std::vector<std::string>& parts) {
    std::vector<std::string> all = parts;
    all.emplace_back("kernels.json");
    expect_failure(predict({"--kernels", write_table(text)}), 2, all);
  };
  refused("kernels", {"not JSON", "faultline tune"});
  refused(R"({"version": 1, "rules": [{"algorithm": "fft"}]})", {"algorithm", "fft", "winograd"});
  refused(R"({"version": 1, "rules": [{"algorithm": "direct", "widht": [1, 2]}]})", {"widht"});
  expect_failure(predict({"--kernels", (folder_ / "none.json").string()}), 6, {"none.json"});
}

TEST_F(EngineOptions, ThatSayNothingToTheReferenceEngineAreRefused) {
  const std::string table = write_table(R"({"version": 1, "rules": []})");
  expect_failure(predict({"--engine", "reference", "--kernels", table}), 2, {"--kernels", "reference"});
  expect_failure(predict({"--engine", "reference", "--precision", "fast"}), 2, {"--precision", "reference"});
}

}  // namespace
}  // namespace faultline::test
