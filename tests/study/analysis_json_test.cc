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
  Json recorded_attack(const Settings& settings) const {
    AnalysisOptions options;
    options.attack = settings;
    const Analyzer analyzer(model_, *engine_, options);
    const faultline::test::TemporaryFolder folder;
    AnalysisDocument document(folder / "analysis.json", analyzer, "tiny.onnx", *engine_);
    document.finish();
    return Json::parse(read_file(folder / "analysis.json")).at("attack");
  }
};

// 2^-6 is exact in every type, as are its multiples and halves.
TEST_F(AnalysisJson, RecordsTheDefaultsOfAnAttack) {
  EXPECT_EQ(recorded_attack(attack::attack_settings("pgd", {"eps=1/64"})), (Json{{"name", "pgd"},
                                                                                 {"settings",
                                                                                  {{"norm", "linf"},
                                                                                   {"eps", 1.0 / 64},
                                                                                   {"goal", "untargeted"},
                                                                                   {"loss", "cross-entropy"},
                                                                                   {"steps", 10},
                                                                                   {"step_size", 1.0 / 256},
                                                                                   {"random_start", true},
                                                                                   {"restarts", 1},
                                                                                   {"early_stop", false}}}}));
  const Json bim = recorded_attack(attack::attack_settings("bim", {"eps=1/64", "steps=4"}));
  EXPECT_EQ(bim["settings"]["step_size"], 1.0 / 256);
}

TEST_F(AnalysisJson, RecordsWhatWasGivenToAnAttackSoThatItCanBeGivenAgain) {
  const Json given = {{"norm", "l2"},         {"eps", 0.5},    {"goal", "boost"},
                      {"loss", "margin"},     {"steps", 3},    {"step_size", 0.25},
                      {"random_start", true}, {"restarts", 2}, {"early_stop", true}};
  EXPECT_EQ(recorded_attack(attack::attack_settings("pgd").set_all(given)),
            (Json{{"name", "pgd"}, {"settings", given}}));
}

}  // namespace
}  // namespace faultline::study
