#include "report/exemplars.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "findings/synthetic.h"

namespace faultline::report {
namespace {

namespace synthetic = findings::test;
using testing::Contains;
using testing::ElementsAre;

std::vector<std::size_t> places_of(const std::vector<Exemplar>& exemplars, const std::string& reason) {
  std::vector<std::size_t> places;
  for (const Exemplar& each : exemplars) {
    if (std::ranges::count(each.reasons, reason) > 0) places.push_back(each.place);
  }
  return places;
}

// Images whose eps* grows with their place, all flipped.
findings::ConditionEvidence evidence(std::size_t n) {
  findings::ConditionEvidence of = synthetic::evidence(n);
  for (std::size_t i = 0; i < n; ++i) {
    of.images[i].attack.made = true;
    of.images[i].attack.critical_eps = 0.01 * static_cast<double>(i + 1);
  }
  return of;
}

const ExemplarCounts kFew = {.typical = 3, .extremes = 2, .failures = 1, .by_lot = 2};

TEST(Exemplars, AreTheMiddleAndTheEndsOfTheOrder) {
  const auto chosen = choose_exemplars(synthetic::vgg16(), evidence(21), kFew);
  EXPECT_THAT(places_of(chosen, "typical"), ElementsAre(9, 10, 11));
  EXPECT_THAT(places_of(chosen, "easiest to flip"), ElementsAre(0, 1));
  EXPECT_THAT(places_of(chosen, "hardest to flip"), ElementsAre(19, 20));
  EXPECT_EQ(places_of(chosen, "by lot").size(), 2U);
  EXPECT_TRUE(std::ranges::is_sorted(chosen, {}, &Exemplar::place));
}

TEST(Exemplars, OfDistractionAreTheEndsOfF1asMeasure) {
  const findings::StoredRun run = synthetic::vgg16();
  findings::ConditionEvidence of = evidence(10);
  synthetic::set_distraction(run, of, "gaussian", "layercam", [](std::size_t, std::size_t) { return 0.1; });
  synthetic::set_distraction(run, of, "adversarial", "layercam", [](std::size_t image, std::size_t) {
    return image == 7 ? 0.9 : image == 4 ? -0.2 : 0.3;
  });
  const auto chosen = choose_exemplars(run, of, {.typical = 0, .extremes = 1, .failures = 0, .by_lot = 0});
  EXPECT_THAT(places_of(chosen, "attention drawn away most"), ElementsAre(7));
  EXPECT_THAT(places_of(chosen, "attention kept best"), ElementsAre(4));
}

TEST(Exemplars, ShowFailuresToo) {
  findings::ConditionEvidence of = evidence(6);
  of.images[1].attack.success = of.images[1].attack.success_rounded = false;
  of.images[2].attack.success_rounded = false;
  of.images[3].attack.made = of.images[3].attack.success = of.images[3].attack.success_rounded = false;
  const auto chosen = choose_exemplars(synthetic::vgg16(), of, {.typical = 6, .by_lot = 6});
  EXPECT_THAT(places_of(chosen, "failure: the answer did not change"), ElementsAre(1));
  EXPECT_THAT(places_of(chosen, "failure: rounding to 8 bits undoes it"), ElementsAre(2));
  EXPECT_THAT(places_of(chosen, "typical"), ElementsAre(0, 2, 4, 5)) << "of those whose answer changed";
  for (const Exemplar& each : chosen) EXPECT_NE(each.place, 3U) << "there is no perturbed input to show";
}

TEST(Exemplars, RuleSaysHowMany) {
  const std::string rule = rule_in_words({.typical = 3, .extremes = 4, .failures = 5, .by_lot = 7});
  EXPECT_THAT(rule, testing::HasSubstr("the 3 whose eps* is nearest"));
  EXPECT_THAT(rule, testing::HasSubstr("the 4 easiest and the 4 hardest"));
  EXPECT_THAT(rule, testing::HasSubstr("The first 5 whose answer did not change"));
  EXPECT_THAT(rule, testing::HasSubstr("7 by lot"));
}

TEST(Exemplars, OfNoImagesAreNone) {
  EXPECT_TRUE(choose_exemplars(synthetic::vgg16(), evidence(0)).empty());
}

}  // namespace
}  // namespace faultline::report
