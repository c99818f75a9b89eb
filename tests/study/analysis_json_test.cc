#include "study/analysis_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "temporary_folder.h"
#include "tiny_study.h"

namespace faultline::study {
namespace {

using Json = nlohmann::json;

class AnalysisJson : public test::TinyStudy {
 protected:
  // The run's `attack`, of a document without images.
  Json recorded_attack(const std::string& name, const attack::AttackOptions& given) const {
    AnalysisOptions options;
    options.attack = name;
    options.attack_options = given;
    const Analyzer analyzer(model_, *engine_, options);
    const faultline::test::TemporaryFolder folder;
    AnalysisDocument document(folder / "analysis.json", analyzer, "tiny.onnx", *engine_);
    document.finish();
    return Json::parse(read_file(folder / "analysis.json")).at("attack");
  }
};

// 2^-6 is exact in every type, as are its multiples and halves.
constexpr float kEps = 1.0F / 64;

TEST_F(AnalysisJson, RecordsTheDefaultsOfAnAttack) {
  EXPECT_EQ(recorded_attack("pgd", {.ball = {.eps = kEps}}), (Json{{"name", "pgd"},
                                                                   {"norm", "linf"},
                                                                   {"eps_pixels", kEps},
                                                                   {"goal", "untargeted"},
                                                                   {"loss", "cross-entropy"},
                                                                   {"steps", 10},
                                                                   {"step_size_pixels", kEps / 4},
                                                                   {"random_start", true},
                                                                   {"restarts", 1},
                                                                   {"early_stop", false}}));
  const Json bim = recorded_attack("bim", {.ball = {.eps = kEps}, .steps = 4});
  EXPECT_EQ(bim["step_size_pixels"], kEps / 4);
  EXPECT_EQ(bim["random_start"], false);
  const Json fgsm = recorded_attack("fgsm", {.ball = {.eps = kEps}});
  EXPECT_EQ(fgsm["steps"], 1);
  EXPECT_EQ(fgsm["step_size_pixels"], kEps);
}

TEST_F(AnalysisJson, RecordsWhatWasGivenToAnAttack) {
  EXPECT_EQ(recorded_attack("pgd", {.ball = {attack::Norm::l2, 0.5F},
                                    .objective = {.loss = attack::Loss::margin},
                                    .steps = 3,
                                    .step_size = 0.25F,
                                    .random_start = true,
                                    .restarts = 2,
                                    .early_stop = true}),
            (Json{{"name", "pgd"},
                  {"norm", "l2"},
                  {"eps_pixels", 0.5},
                  {"goal", "untargeted"},
                  {"loss", "margin"},
                  {"steps", 3},
                  {"step_size_pixels", 0.25},
                  {"random_start", true},
                  {"restarts", 2},
                  {"early_stop", true}}));
}

}  // namespace
}  // namespace faultline::study
