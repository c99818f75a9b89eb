#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>

#include "planted/planted_network.h"
#include "planted/planted_study.h"

namespace faultline::test {
namespace {

using findings::Measure;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr int kPictures = 120;
constexpr int kBlocks = 5;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Networks with a culprit in block 3 or 4, each studied once.
class PlantedCulprit : public testing::TestWithParam<int> {
 protected:
  std::string block() const { return "block" + std::to_string(GetParam()); }
  std::string point() const { return block() + "_conv"; }

  static const FinishedRun& run_of(Culprit culprit) {
    static std::map<std::pair<Culprit, int>, std::unique_ptr<FinishedRun>> runs;
    auto& run = runs[{culprit, GetParam()}];
    if (!run) run = std::make_unique<FinishedRun>(study(culprit, GetParam()));
    return *run;
  }
  static const findings::ConditionSummary& summary_of(Culprit culprit) {
    return run_of(culprit).summary.conditions.front();
  }

 private:
  // With FAULTLINE_PLANTED_RUNS=FOLDER the runs stay there, for `faultline summary`.
  static std::filesystem::path output(const TemporaryFolder& folder, Culprit culprit, int block) {
    const char* const kept = std::getenv("FAULTLINE_PLANTED_RUNS");
    if (!kept) return folder / "run";
    const char* const name = culprit == Culprit::gates  ? "gates"
                             : culprit == Culprit::gain ? "gain"
                                                        : "trigger";
    return std::filesystem::path(kept) / (name + std::to_string(block));
  }

  static FinishedRun study(Culprit culprit, int block) {
    const TemporaryFolder folder;
    std::vector<net::BlockStart> blocks;
    for (int b = 1; b <= kBlocks; ++b) {
      const std::string name = "block" + std::to_string(b);
      blocks.push_back({name, name + "_conv"});
    }
    blocks.push_back({"head", "flatten"});
    study::StudyJob job{.model_file = folder / "model.onnx",
                        .model = stored_model(folder.path(), planted_network(culprit, block), blocks),
                        .images = write_contents(folder.path(), kPictures, 1),
                        .output = output(folder, culprit, block),
                        .attacks = {},
                        .options = {},
                        .twins = {.count = 0},
                        .shard = {}};
    const auto attack_with = [&](const Settings& attack) {
      job.attacks.push_back(
          {.attack = attack, .regimes = {.critical = false, .doubled = false, .eps = {8.0F / 255}}});
    };
    attack_with(attack::attack_settings("pgd").set("steps", 20));
    job.options.detection = false;
    if (culprit == Culprit::trigger) {
      // What the verdicts take, and no more.
      attack_with(attack::attack_settings("bim"));
      job.twins = {.count = 3, .images = 40};
      job.options.causes = study::parse_causes("gates");
    } else {
      job.options.causes.subset = false;
    }
    return run_and_read(job);
  }
};

stats::Interval interval(const Measure& measure) {
  const auto found = findings::interval_of(measure);
  EXPECT_TRUE(found) << measure.name << " has no interval";
  return found.value_or(stats::Interval{-kInfinity, kInfinity});
}

// The interval of one of a family's members lies above those of all others that were measured.
void expect_above_all_others(const std::vector<Measure>& family, const std::string& name) {
  const auto one = std::ranges::find(family, name, &Measure::name);
  ASSERT_NE(one, family.end()) << name;
  std::size_t others = 0;
  for (const Measure& other : family) {
    if (other.name == name || !other.estimate) continue;
    ++others;
    EXPECT_GT(interval(*one).lower, interval(other).upper) << name << " and " << other.name;
  }
  EXPECT_GE(others, static_cast<std::size_t>(kBlocks));
}

template <class Table>
const Table& of_adversarial(const std::vector<Table>& tables) {
  const auto found = std::ranges::find(tables, "adversarial", &Table::kind);
  EXPECT_NE(found, tables.end());
  return *found;
}

// The lower end of the share of images in which a set is the smallest that decides.
double least_share(const findings::ConditionSummary& summary, const std::string& question,
                   const std::string& set) {
  for (const findings::SetCount& count : summary.sets) {
    if (count.question == question && count.set == set) return interval(count.images).lower;
  }
  return 0;
}

// Direction factors of the gaussian control's deviation, in the order of the network: ends of the medians'
// intervals. What is censored has no upper end, and is at least what was tried.
std::vector<stats::Interval> direction_factors(const FinishedRun& run) {
  std::vector<stats::Interval> factors;
  for (const store::PointRow& point : run.summary.points) {
    const findings::InterventionKey key{.kind = "direction", .source = "gaussian", .point = point.point};
    const auto& medians = run.summary.conditions.front().interventions;
    const auto found = std::ranges::find(medians, key, &findings::InterventionMedian::key);
    if (found == medians.end()) continue;
    const findings::CensoredMedian& median = found->median;
    factors.push_back({median.lower.value_or(median.limit.value_or(0)), median.upper.value_or(kInfinity)});
  }
  return factors;
}

// In a linear network ln(direction factor) + log excess is the same at all layers: harmless noise has to be
// scaled up by one number, whatever the layer. So it is where the factor falls that a culprit is.
void expect_falls_most_at(const FinishedRun& run, int block) {
  const std::vector<stats::Interval> factors = direction_factors(run);
  ASSERT_EQ(factors.size(), static_cast<std::size_t>(kBlocks));
  const auto culprit = static_cast<std::size_t>(block - 1);
  const double fall = factors[culprit - 1].lower / factors[culprit].upper;
  EXPECT_GT(fall, 1);
  for (std::size_t i = 1; i < factors.size(); ++i) {
    if (i == culprit) continue;
    EXPECT_GT(fall, factors[i - 1].upper / factors[i].lower) << "block" << i + 1;
  }
  for (std::size_t before = 0; before < culprit; ++before) {
    for (std::size_t after = culprit; after < factors.size(); ++after)
      EXPECT_GT(factors[before].lower, factors[after].upper) << before << " and " << after;
  }
}

const findings::Finding& finding(const FinishedRun& run, const std::string& id) {
  const auto found = std::ranges::find(run.summary.findings, id, &findings::Finding::id);
  EXPECT_NE(found, run.summary.findings.end());
  return *found;
}

TEST_P(PlantedCulprit, OfGatesIsNamedByShapleyShare) {
  expect_above_all_others(of_adversarial(summary_of(Culprit::gates).shapley).shares, block());
}

TEST_P(PlantedCulprit, OfGatesIsNamedByTheGatesThatSuffice) {
  EXPECT_GT(least_share(summary_of(Culprit::gates), "gates-only", block()), 0.5);
  EXPECT_GT(least_share(summary_of(Culprit::gates), "given-linear-path", block()), 0.5);
}

TEST_P(PlantedCulprit, OfGatesIsNamedByStep) {
  expect_above_all_others(of_adversarial(summary_of(Culprit::gates).points).step, point());
}

TEST_P(PlantedCulprit, OfGatesIsNamedByDirectionFactor) {
  expect_falls_most_at(run_of(Culprit::gates), GetParam());
}

TEST_P(PlantedCulprit, OfGatesIsNoLinearEffect) {
  EXPECT_LT(interval(summary_of(Culprit::gates).linear).upper, 0.5);
  for (const char* id : {"F2", "F3"})
    EXPECT_THAT(finding(run_of(Culprit::gates), id).caveats,
                Not(Contains(HasSubstr("The effect is linear"))));
}

TEST_P(PlantedCulprit, OfGainIsNamedByStep) {
  expect_above_all_others(of_adversarial(summary_of(Culprit::gain).points).step, point());
}

TEST_P(PlantedCulprit, OfGainIsNamedByDirectionFactor) {
  expect_falls_most_at(run_of(Culprit::gain), GetParam());
}

TEST_P(PlantedCulprit, OfGainIsNotOfGatesAndFindingsSayIt) {
  const findings::ConditionSummary& summary = summary_of(Culprit::gain);
  expect_above_all_others(of_adversarial(summary.shapley).shares, "input");
  EXPECT_GT(least_share(summary, "given-linear-path", "no blocks"), 0.5);
  EXPECT_GT(interval(summary.linear).lower, 0.5);
  for (const char* id : {"F2", "F3"})
    EXPECT_THAT(finding(run_of(Culprit::gain), id).caveats, Contains(HasSubstr("The effect is linear")));
}

// A network's own noise in favour of its answer switches the same block on. That is no noise's peculiarity
// then, and F2 says so: what the block's steps are held against are boost's. Asked of gates it is supported.
TEST_P(PlantedCulprit, OfGatesThatServeBoostTooIsNotF2s) {
  const FinishedRun& run = run_of(Culprit::gates);
  const auto& tables = summary_of(Culprit::gates).shapley;
  const auto boost = std::ranges::find(tables, "boost", &findings::ShapleyMeans::kind);
  ASSERT_NE(boost, tables.end());
  expect_above_all_others(boost->shares, block());
  EXPECT_EQ(finding(run, "F2").answer.verdict, findings::Verdict::not_supported);
  for (const findings::Variant& variant : finding(run, "F2").variants) {
    const bool of_gates = variant.what == "gates alone, instead of steps";
    EXPECT_EQ(variant.answer.verdict == findings::Verdict::supported, of_gates) << variant.what;
  }
}

TEST_P(PlantedCulprit, OfTriggerIsFoundByTheVerdicts) {
  const FinishedRun& run = run_of(Culprit::trigger);
  EXPECT_EQ(finding(run, "F2").answer.verdict, findings::Verdict::supported);
  EXPECT_EQ(finding(run, "F3").answer.verdict, findings::Verdict::supported);
  EXPECT_THAT(finding(run, "F3").words, HasSubstr("The top block by Shapley share per layer is " + block()));
}

TEST_P(PlantedCulprit, OfTriggerIsNamedAsCompromised) {
  std::vector<Measure> compromised;
  for (const findings::PlaceRates& rates : summary_of(Culprit::trigger).compromise.blocks) {
    compromised.push_back(rates.compromised);
    compromised.back().name = rates.name;
  }
  expect_above_all_others(compromised, block());
  EXPECT_GT(least_share(summary_of(Culprit::trigger), "gates-only", block()), 0.5);
}

// The network gets all pictures right, and hardly an attack fails: nothing above is of a remainder.
TEST_P(PlantedCulprit, IsStudiedOnAllPictures) {
  for (const Culprit culprit : {Culprit::gates, Culprit::gain}) {
    EXPECT_EQ(run_of(culprit).summary.images.studied, static_cast<std::size_t>(kPictures));
    EXPECT_GT(interval(summary_of(culprit).outcome.stored_success).lower, 0.9);
  }
}

// ---- identities, image by image --------------------------------------------------------------------------

constexpr double kIdentity = 1e-5;

TEST_P(PlantedCulprit, IdentitiesHoldOfEveryImage) {
  for (const Culprit culprit : {Culprit::gates, Culprit::gain}) {
    std::map<std::string, std::size_t> checked;
    for (const store::IdentityRow& row : run_of(culprit).identities) {
      ++checked[row.identity];
      EXPECT_LE(row.error, row.tolerance) << row.identity << " of image " << row.image;
      const bool promised = row.identity == "contributions-telescope" || row.identity.starts_with("shapley");
      if (promised) {
        EXPECT_LE(row.tolerance, kIdentity) << row.identity;
      }
    }
    for (const char* identity : {"contributions-telescope", "shapley-sum/adversarial", "shapley-sum/gaussian",
                                 "shapley-sum/boost", "gates-ends/adversarial"})
      EXPECT_EQ(checked[identity], static_cast<std::size_t>(kPictures)) << identity;
    // Asked only where the answer changed.
    EXPECT_EQ(checked["exchange-whole"], summary_of(culprit).outcome.counts.flipped);
  }
}

// The same from the numbers that are stored.
TEST_P(PlantedCulprit, StoredSharesSumToOne) {
  for (const Culprit culprit : {Culprit::gates, Culprit::gain}) {
    std::map<std::pair<std::int64_t, std::int64_t>, double> sums;  // by image, input
    for (const store::ShapleyRow& row : run_of(culprit).shapley) {
      if (row.share) sums[{row.image, row.input}] += *row.share;
    }
    EXPECT_GE(sums.size(), static_cast<std::size_t>(kPictures));
    for (const auto& [game, sum] : sums) EXPECT_NEAR(sum, 1, kIdentity) << "image " << game.first;
  }
}

TEST_P(PlantedCulprit, StoredContributionsTelescope) {
  using Input = std::pair<std::int64_t, std::int64_t>;  // image, input
  for (const Culprit culprit : {Culprit::gates, Culprit::gain}) {
    std::map<Input, double> margins, sums;
    for (const store::InputRow& row : run_of(culprit).inputs) margins[{row.image, row.input}] = row.margin;
    for (const store::PointResponseRow& row : run_of(culprit).point_responses) {
      if (row.point == 0) sums[{row.image, row.input}] += row.pull;
    }
    for (const store::ContributionRow& row : run_of(culprit).contributions)
      sums[{row.image, row.input}] += row.contribution;
    EXPECT_GE(sums.size(), static_cast<std::size_t>(kPictures));
    for (const auto& [input, sum] : sums) {
      const double clean = margins.at({input.first, 0});
      EXPECT_NEAR(sum, margins.at(input) - clean, kIdentity * std::max(1.0, std::abs(clean)));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(InBlock, PlantedCulprit, testing::Values(3, 4),
                         [](const auto& of) { return std::to_string(of.param); });

}  // namespace
}  // namespace faultline::test
