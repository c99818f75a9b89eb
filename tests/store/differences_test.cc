#include "store/differences.h"

#include <gtest/gtest.h>

#include "expect_error.h"

namespace faultline::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Differences, NoneBetweenEqualConfigurations) {
  EXPECT_THAT(differences("{}", "{}"), IsEmpty());
  EXPECT_THAT(differences(R"({"a": 1, "b": [1, {"c": null}]})", R"({"b": [1.0, {"c": null}], "a": 1})"),
              IsEmpty());
}

TEST(Differences, SayWhereAndWhat) {
  EXPECT_THAT(differences(R"({"attack": {"eps": "2/255", "steps": 10}, "seed": 1})",
                          R"({"attack": {"eps": "8/255", "steps": 10}, "seed": 2})"),
              ElementsAre("attack.eps: 2/255 there, 8/255 here", "seed: 1 there, 2 here"));
  EXPECT_THAT(differences(R"({"controls": [{"name": "gaussian", "draws": 8}, {"name": "boost"}]})",
                          R"({"controls": [{"name": "gaussian", "draws": 4}, {"name": "fog"}]})"),
              ElementsAre("controls[0].draws: 8 there, 4 here", "controls[1].name: boost there, fog here"));
}

TEST(Differences, SayWhatOnlyOneHas) {
  EXPECT_THAT(
      differences(R"({"heatmap": ["gradcam"]})", R"({"budget": {"dose": 3}})"),
      ElementsAre(R"(budget: absent there, {"dose":3} here)", R"(heatmap: ["gradcam"] there, absent here)"));
  EXPECT_THAT(differences(R"({"a": null})", "{}"), ElementsAre("a: null there, absent here"));
  EXPECT_THAT(differences(R"({"eps": [1, 2]})", R"({"eps": [1]})"),
              ElementsAre("eps: [1,2] there, [1] here"));
  EXPECT_THAT(differences(R"({"eps": [1, 2]})", R"({"eps": 1})"), ElementsAre("eps: [1,2] there, 1 here"));
}

TEST(Differences, IgnoreExactlyTheKeysAskedFor) {
  const std::vector<std::string> shard = {"shard"};
  const std::string one = R"({"shard": "0/2", "attack": {"shard": 1}, "seed": 1})";
  const std::string two = R"({"shard": "1/2", "attack": {"shard": 2}, "seed": 1})";
  EXPECT_THAT(differences(one, two, shard), ElementsAre("attack.shard: 1 there, 2 here"));
  EXPECT_THAT(differences(one, R"({"attack": {"shard": 1}, "seed": 1})", shard), IsEmpty());
  EXPECT_EQ(without_keys(R"({"z": 1, "shard": 2, "a": 3})", shard), "{\n \"z\": 1,\n \"a\": 3\n}");
}

TEST(Differences, RefuseWhatIsNoObject) {
  for (const std::string text : {"", "[1]", "{\"a\":", "3"}) {
    test::expect_error([&] { differences("{}", text); }, ErrorKind::io, "no JSON object: " + text);
    test::expect_error([&] { differences(text, "{}"); }, ErrorKind::io, "no JSON object");
  }
}

}  // namespace
}  // namespace faultline::store
