#include "findings/assemble.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "synthetic.h"

namespace faultline::findings {
namespace {

using ::testing::Contains;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

// A run in which every finding holds: two attacks at 2 eps*, a twin.
struct Planted {
  StoredRun run = test::vgg16();
  std::vector<ConditionEvidence> evidence;
  std::vector<std::vector<ConditionEvidence>> twins;

  explicit Planted(std::size_t n = 120) {
    test::list_images(run, n);
    add("pgd", "double", n);
    add("fgsm", "double", n);
  }

  void add(const std::string& attack, const std::string& regime, std::size_t n) {
    ConditionEvidence of = test::evidence(n);
    of.condition = test::condition(std::ssize(evidence), attack, regime);
    const auto noise = [&](std::size_t image, std::size_t place) {
      return 0.02 * test::normal(attack, image, place);
    };
    test::set_steps(run, of, "adversarial", [&](std::size_t image, std::size_t point) {
      const std::string& name = run.points[point].name;
      return (name == "block4_conv1" || name == "block5_conv1" ? 1.0 : 0.0) + noise(image, point);
    });
    test::add_harmless(run, of,
                       [&](std::size_t image, std::size_t point) { return 0.1 + noise(image, 50 + point); });
    const std::vector<std::pair<std::string, double>> kinds = {
        {"adversarial", 0.5}, {"gaussian", 0.1}, {"flip-gaussian", 0.3}, {"boost", 0.2}};
    for (const auto& [kind, mean] : kinds) {
      for (const char* method : {"layercam", "hirescam"}) {
        const double level = mean;
        test::set_distraction(run, of, kind, method, [&](std::size_t image, std::size_t layer) {
          return level + noise(image, 100 + layer);
        });
      }
    }
    test::set_shares(run, of, "adversarial", [&](std::size_t image, std::size_t block) {
      constexpr double kShares[] = {0.02, 0.05, 0.1, 0.3, 0.2, 0.01};
      return kShares[block] + 0.1 * noise(image, 200 + block);
    });
    test::set_shares(run, of, "boost",
                     [&](std::size_t, std::size_t block) { return block == 0 ? 0.5 : 0.0; });
    test::set_sets(of, "given-linear-path", [](std::size_t) { return std::vector<std::uint64_t>{0}; });
    evidence.push_back(of);
    ConditionEvidence twin = test::evidence(10);
    test::set_steps(run, twin, "adversarial", [](auto, auto) { return 0.0; });
    test::set_shares(run, twin, "adversarial",
                     [](std::size_t, std::size_t block) { return block == 0 ? 0.5 : 0.0; });
    twins.push_back({twin});
  }

  std::vector<Finding> findings() const {
    std::vector<ConditionFindings> at;
    for (std::size_t i = 0; i < evidence.size(); ++i) at.push_back(find_at(run, evidence[i], twins[i]));
    return assemble(run, at);
  }
};

std::string all_words(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.claim + "\n" + finding.words + "\n";
    for (const std::string& caveat : finding.caveats) text += caveat + "\n";
  }
  return text;
}

TEST(Assemble, WhereEverythingIsPlantedEverythingIsSupported) {
  const std::vector<Finding> findings = Planted().findings();
  ASSERT_EQ(findings.size(), 5U);
  const char* const ids[] = {"F1a", "F1b", "F2", "F3", "F4"};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(findings[i].id, ids[i]);
    EXPECT_EQ(findings[i].answer.verdict, Verdict::supported) << findings[i].words;
    EXPECT_EQ(findings[i].condition, "pgd at double");
    EXPECT_THAT(findings[i].words, HasSubstr("Supported"));
    EXPECT_THAT(findings[i].words, HasSubstr("n = 120"));
    EXPECT_GE(findings[i].speaking, 1U);
    EXPECT_LE(findings[i].agreeing, findings[i].speaking);
    const auto speaking =
        std::count_if(findings[i].variants.begin(), findings[i].variants.end(),
                      [](const auto& of) { return of.answer.verdict != Verdict::not_said; });
    EXPECT_EQ(findings[i].speaking, static_cast<std::size_t>(speaking));
  }
}

TEST(Assemble, ConditionsAreVariantsOfEachOther) {
  Planted planted;
  planted.add("pgd", "critical", 120);
  const std::vector<Finding> findings = planted.findings();
  for (const Finding& finding : findings) {
    for (const std::string condition : {"fgsm at double", "pgd at critical"}) {
      EXPECT_EQ(std::count_if(finding.variants.begin(), finding.variants.end(),
                              [&](const Variant& of) { return of.what == condition; }),
                1);
    }
  }
}

TEST(Assemble, TwiceTheCriticalStrengthIsThePrimaryOne) {
  const auto primary = [](const std::vector<std::string>& regimes) {
    std::vector<store::ConditionRow> conditions;
    for (const std::string& regime : regimes) conditions.push_back(test::condition(0, "pgd", regime));
    return primary_condition(conditions);
  };
  EXPECT_EQ(primary({"critical", "double", "fixed", "double"}), 1U);
  EXPECT_EQ(primary({"critical", "fixed", "fixed"}), 1U);
  EXPECT_EQ(primary({"critical"}), 0U);
  EXPECT_EQ(primary({"given"}), 0U);
  EXPECT_TRUE(assemble(StoredRun{}, {}).empty());
}

TEST(Assemble, ThePrimaryConditionIsTheFirstAttacksAtItsLargestEps) {
  std::vector<store::ConditionRow> conditions;
  const auto add = [&](const std::string& attack, const std::string& regime, std::optional<double> eps) {
    conditions.push_back(test::condition(0, attack, regime));
    conditions.back().eps = eps;
  };
  add("pgd", "fixed", 0.01);
  add("pgd", "fixed", 0.03);
  add("pgd", "fixed", 0.02);
  add("fgsm", "double", {});
  EXPECT_EQ(primary_condition(conditions), 1U);
}

TEST(Assemble, TheOtherAttackIsOneOfTheSameStrength) {
  Planted planted(40);
  planted.evidence[1].condition.regime = "critical";
  const std::vector<Finding> findings = planted.findings();
  EXPECT_EQ(findings[3].answer.verdict, Verdict::not_said);
  EXPECT_THAT(findings[3].words, HasSubstr("fewer than two attacks"));
}

TEST(Assemble, CaveatsSayWhatAReaderHasToKnow) {
  Planted planted(40);
  planted.run.images[0].status = "misclassified";
  planted.run.images[1].status = planted.run.images[2].status = "unreadable";
  planted.evidence[0].images[5].attack.success_rounded = false;
  planted.evidence[0].images[6].attack.success = false;
  planted.evidence[0].images[6].attack.success_rounded = false;
  planted.evidence[0].images[7].unmatched = 3;
  const std::vector<Finding> findings = planted.findings();
  const auto& distraction = findings[0].caveats;
  EXPECT_THAT(distraction, Contains(HasSubstr("Few images: 39")));
  EXPECT_THAT(distraction, Contains(HasSubstr("changed the answer of 39 images.")));
  EXPECT_THAT(distraction, Contains(HasSubstr("Left out: 1 image that the model got wrong")));
  EXPECT_THAT(distraction, Contains(HasSubstr("Left out: 2 images that could not be read")));
  EXPECT_THAT(distraction, Contains(HasSubstr("The attack failed on 1 of 40 images")));
  EXPECT_THAT(distraction, Contains(HasSubstr("Left out: 3 control inputs")));
  EXPECT_THAT(findings[3].caveats, Contains(HasSubstr("Left out: 1 image with different answers")));
  EXPECT_THAT(findings[3].caveats, Contains(HasSubstr("The effect is linear: in 100 % of")));
  EXPECT_THAT(distraction, Not(Contains(HasSubstr("linear"))));
}

TEST(Assemble, TheTwinShowsTheSame) {
  Planted planted(40);
  for (auto& of : planted.twins) {
    of[0] = test::evidence(10);
    test::set_steps(planted.run, of[0], "adversarial", [&](std::size_t, std::size_t point) {
      const std::string& name = planted.run.points[point].name;
      return name == "block4_conv1" || name == "block5_conv1" ? 0.5 : 0.0;
    });
    test::set_shares(planted.run, of[0], "adversarial",
                     [](std::size_t, std::size_t block) { return block == 2 || block == 3 ? 0.2 : 0.0; });
  }
  const std::vector<Finding> findings = planted.findings();
  EXPECT_THAT(findings[4].caveats, Contains(HasSubstr("1 of 1 twins")));
  EXPECT_THAT(findings[0].caveats, Not(Contains(HasSubstr("twins"))));
}

TEST(Assemble, OtherNetworksAreAskedWhichLayers) {
  StoredRun run = test::chain({1, 1, 1, 1});
  test::list_images(run, 60);
  ConditionEvidence of = test::evidence(60);
  test::set_steps(run, of, "adversarial", [](std::size_t image, std::size_t point) {
    return (point == 5 ? 1.0 : 0.0) + 0.05 * test::normal("other", image, point);
  });
  const Finding finding = assemble(run, {find_at(run, of, {})}).at(4);
  EXPECT_EQ(finding.answer.verdict, Verdict::not_said);
  EXPECT_THAT(finding.words,
              HasSubstr("The most susceptible of its 4 convolution layers by step: block3_conv1 (rank 1"));
}

// Whatever is missing, sentences have numbers or say that there are none.
TEST(Assemble, WordsOfLittleData) {
  for (const std::size_t n : {0U, 1U, 2U, 25U}) {
    const std::string text = all_words(Planted(n).findings());
    EXPECT_THAT(text, Not(ContainsRegex("(^|[^a-zA-Z_])(nan|inf|NaN)([^a-zA-Z_]|$)"))) << text;
    EXPECT_THAT(text, Not(HasSubstr("  "))) << text;
    if (n < 20) {
      EXPECT_THAT(text, Not(HasSubstr("Supported."))) << text;
    }
  }
  StoredRun run = test::vgg16();
  const std::string nothing = all_words(assemble(run, {find_at(run, test::evidence(0), {})}));
  EXPECT_THAT(nothing, HasSubstr("Not said"));
}

}  // namespace
}  // namespace faultline::findings
