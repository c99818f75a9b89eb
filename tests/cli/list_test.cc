#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/documents.h"
#include "cli/run_program.h"

namespace faultline::test {
namespace {

using testing::HasSubstr;

std::string list(const std::vector<std::string>& more) {
  std::vector<std::string> words = {"list"};
  words.insert(words.end(), more.begin(), more.end());
  const Outcome outcome = run(words);
  expect_success(outcome);
  EXPECT_EQ(outcome.err, "");
  return outcome.out;
}

TEST(List, ShowsEveryAttackWithItsParametersInColumns) {
  const std::string text = list({"attacks"});
  for (const char* part : {"\npgd: gradient steps from a random start", "\nfgsm: ", "Madry et al. 2018",
                           "PARAMETER", "DEFAULT", "VALUES", "MEANING", "--set PARAMETER=VALUE"})
    EXPECT_THAT(text, HasSubstr(part));
  EXPECT_THAT(text,
              testing::ContainsRegex("step_size +2.5 eps / steps +pixels, 0 to 14189 +length of a step"));
  EXPECT_THAT(text, testing::ContainsRegex("random_start +on +on, off +start at a random point"));
}

TEST(List, ShowsOneEntryIfAskedTo) {
  const std::string text = list({"attacks", "pgd"});
  EXPECT_THAT(text, HasSubstr("pgd: "));
  EXPECT_THAT(text, testing::Not(HasSubstr("fgsm: ")));
  EXPECT_THAT(list({"controls", "shuffled"}), HasSubstr("\nshuffled: the perturbation"));
}

TEST(List, MetricsHaveTheFaithfulnessMeasuresFromTheTableThatRunsThem) {
  const std::string text = list({"metrics"});
  EXPECT_THAT(text, HasSubstr("\ndeletion: area under the class's probability"));
  EXPECT_THAT(text, testing::ContainsRegex("baseline +blurred +neutral, black, blurred +what stands for"));
  EXPECT_THAT(text, HasSubstr("--set NAME.PARAMETER=VALUE"));
  const Json road = Json::parse(list({"metrics", "road", "--json"}))["metrics"][0];
  EXPECT_THAT(road["source"].get<std::string>(), HasSubstr("Rong et al. 2022"));
  EXPECT_EQ(road["parameters"][0]["name"], "shares");
}

TEST(List, ControlsAndDistancesHaveTheirParameters) {
  const std::string controls = list({"controls"});
  EXPECT_THAT(controls, testing::ContainsRegex("\ngaussian: .*\n +faultline, docs/catalogue.md\n"));
  EXPECT_THAT(controls, testing::ContainsRegex("draws +8 +integer, 0 to 9999 +how many"));
  EXPECT_THAT(controls, testing::ContainsRegex("moments +per-channel +per-channel, whole-image +over what"));
  EXPECT_THAT(controls, testing::ContainsRegex("largest_std +0.25 +real, 0.001 to 1 "));
  const std::string metrics = list({"metrics"});
  EXPECT_THAT(metrics, testing::ContainsRegex("\niou: .*\n +Jaccard 1901"));
  EXPECT_THAT(metrics, testing::ContainsRegex("share +0.2 +real, 0.001 to 1 "));
}

TEST(List, JsonHoldsTheTableThatChecksWhatIsSet) {
  const Json attacks = Json::parse(list({"attacks", "--json"}))["attacks"];
  EXPECT_GE(attacks.size(), 10U);
  for (const Json& attack : attacks) {
    EXPECT_EQ(keys_of(attack), (std::set<std::string>{"name", "summary", "source", "parameters"}));
    EXPECT_FALSE(attack["source"].get<std::string>().empty());
  }
  const Json pgd = Json::parse(list({"attacks", "pgd", "--json"}))["attacks"][0];
  const Json steps = pgd["parameters"][4];
  EXPECT_EQ(steps, (Json{{"name", "steps"},
                         {"kind", "integer"},
                         {"default", "10"},
                         {"meaning", "gradient steps"},
                         {"least", 1},
                         {"most", 1000000}}));
}

TEST(List, EveryCatalogueHasNamesAndSummaries) {
  for (const auto& [catalogue, some] : std::vector<std::pair<std::string, std::string>>{
           {"controls", "gaussian"}, {"heatmaps", "layercam"}, {"metrics", "distraction"}}) {
    const Json entries = Json::parse(list({catalogue, "--json"}))[catalogue];
    EXPECT_EQ(entries[0]["name"], some);
    for (const Json& entry : entries) {
      EXPECT_FALSE(entry["summary"].get<std::string>().empty());
      EXPECT_FALSE(entry["source"].get<std::string>().empty()) << entry["name"];
    }
  }
}

TEST(List, UnknownNamesAreRefusedWithTheKnownOnes) {
  expect_failure(run({"list", "colours"}), 2, {"colours", "attacks, controls, heatmaps, metrics"});
  expect_failure(run({"list", "attacks", "pdg"}), 2, {"pdg", "fgsm, bim, pgd"});
  expect_failure(run({"list"}), 2, {"CATALOGUE"});
}

}  // namespace
}  // namespace faultline::test
