#include "study/cause_tests.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "attack/catalogue.h"
#include "base/error.h"
#include "study/image_study.h"
#include "tiny_study.h"

namespace faultline::study {
namespace {

class Causes : public test::TinyStudy {
 protected:
  // One PGD that is strong enough to flip the random network.
  ImageRecord study(const CauseOptions& causes, const std::string& engine = "reference") {
    engine_ = engine::make_engine(engine);
    ImageStudyOptions options;
    options.causes = causes;
    options.detection = false;
    options.analysis.compare.methods.clear();
    const std::vector<StudiedAttack> attacks = {{.attack = attack::attack_settings("pgd", {"eps=16/255"}),
                                                 .regimes = {.critical = false, .doubled = false}}};
    ImageStudy images(model_, *engine_, conditions_of(attacks, 0, 0), options);
    ImageRecord record;
    images.study(image_, 3, {}, nullptr, {}, record);
    return record;
  }
};

TEST_F(Causes, AreParsedByName) {
  EXPECT_TRUE(parse_causes("all").gates);
  EXPECT_FALSE(parse_causes("none").any());
  const CauseOptions some = parse_causes("gates,restore");
  EXPECT_TRUE(some.gates && some.restore);
  EXPECT_FALSE(some.dose || some.subset || some.direction || some.branches);
  EXPECT_THROW(parse_causes("gates,gate"), Error);
  EXPECT_THROW(parse_causes(""), Error);
}

TEST_F(Causes, SharesSumToOneAndSetsAreConfirmed) {
  const ImageRecord record = study(parse_causes("gates"));
  ASSERT_EQ(record.attacks.size(), 1U);
  ASSERT_TRUE(record.attacks[0].success) << "the attack is to flip this network";
  double adversarial = 0;
  for (const store::ShapleyRow& row : record.shapley) {
    if (row.input == 1) adversarial += *row.share;
  }
  EXPECT_NEAR(adversarial, 1, 1e-9);
  std::set<std::string> questions;
  for (const store::GateSetRow& row : record.gate_sets) {
    if (row.input == 1) questions.insert(row.question);
    if (row.rank > 0 || !row.blocks) continue;
    ASSERT_TRUE(row.margin);
    EXPECT_EQ(*row.margin < 0, row.question != "restoring") << row.question;
  }
  EXPECT_EQ(questions, (std::set<std::string>{"gates-only", "given-linear-path", "restoring"}));
  EXPECT_TRUE(record.interventions.empty());
}

TEST_F(Causes, OfEveryLayerAreAsked) {
  const ImageRecord record = study({});
  std::set<std::int64_t> points;
  std::map<std::string, int> kinds;
  for (const store::InterventionRow& row : record.interventions) {
    points.insert(row.point);
    ++kinds[row.kind + "/" + row.source];
    if (row.value) {
      EXPECT_GT(*row.value, 0);
      EXPECT_LE(*row.value, row.limit);
    }
  }
  const int layers = static_cast<int>(model_.map.layers.size());
  EXPECT_EQ(static_cast<int>(points.size()), layers);
  const std::map<std::string, int> expected = {
      {"direction/boost", layers},  {"direction/gaussian", layers}, {"direction/white-noise", layers},
      {"dose/adversarial", layers}, {"dose/boost", layers},         {"dose/gaussian", layers},
      {"dose/white-noise", layers}, {"restore/pull", layers},       {"subset/boost", layers},
      {"subset/distance", layers},  {"subset/pull", layers},        {"subset/random-0", layers},
      {"subset/random-1", layers}};
  EXPECT_EQ(kinds, expected);
  EXPECT_TRUE(record.substitutions.empty()) << "a chain has no branches";
}

// The dose of the adversarial deviation is nearly the same at every layer, and a whole one flips.
TEST_F(Causes, DosesOfTheAdversarialDeviationFlip) {
  const ImageRecord record = study(parse_causes("dose"));
  ASSERT_EQ(record.interventions.size(), model_.map.layers.size());
  for (const store::InterventionRow& row : record.interventions) EXPECT_TRUE(row.value);
}

TEST_F(Causes, EnginesAgree) {
  const ImageRecord reference = study(parse_causes("gates"), "reference");
  const ImageRecord fast = study(parse_causes("gates"), "onednn");
  ASSERT_EQ(reference.shapley.size(), fast.shapley.size());
  for (std::size_t i = 0; i < fast.shapley.size(); ++i)
    EXPECT_NEAR(fast.shapley[i].value, reference.shapley[i].value, 1e-3);
  for (const store::IdentityRow& row : fast.identities) EXPECT_LE(row.error, row.tolerance) << row.identity;
}

// Every convolution a block: too many for a whole game.
TEST_F(Causes, OfManyBlocksAreSampled) {
  const formats::Model few = model_;
  std::vector<net::BlockStart> starts;
  for (const net::Layer& layer : model_.map.layers) starts.push_back({layer.name, layer.name});
  starts.push_back({"dense", "fc1"});
  model_.map = net::map_network(model_.graph, starts);
  const ImageRecord record = study(parse_causes("gates"));
  model_ = few;
  EXPECT_TRUE(record.gates_runs.empty());
  EXPECT_TRUE(record.gate_sets.empty());
  double sum = 0;
  int players = 0;
  for (const store::ShapleyRow& row : record.shapley) {
    EXPECT_TRUE(row.standard_error);
    if (row.input != 1) continue;
    sum += *row.share;
    ++players;
  }
  EXPECT_EQ(players, static_cast<int>(starts.size()) + 1);
  EXPECT_NEAR(sum, 1, 1e-9);
}

TEST_F(Causes, CostIsKnownBeforehand) {
  engine_ = engine::make_engine("onednn");
  ImageStudyOptions options;
  const std::vector<StudiedAttack> attacks = {{.attack = attack::attack_settings("pgd", {"eps=16/255"})}};
  const ImageStudy images(model_, *engine_, conditions_of(attacks, 0, 0), options);
  EXPECT_GT(images.most_passes().causes, 0);
  EXPECT_GT(images.most_passes().comparison, 0);
}

}  // namespace
}  // namespace faultline::study
