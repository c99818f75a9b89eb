#include "attack/apgd.h"

#include <gtest/gtest.h>

#include "oracles/stored_results.h"

namespace faultline::oracles {
namespace {

using nlohmann::json;

attack::Apgd apgd_of(const json& index, const json& entry) {
  const std::string name = entry.at("name");
  return {.name = name,
          .ball = {.norm = entry.at("norm") == "l2" ? attack::Norm::l2 : attack::Norm::linf,
                   .eps = entry.at("eps")},
          .objective = {.loss = name == "apgd-dlr" ? attack::Loss::dlr : attack::Loss::cross_entropy},
          .targets = entry.at("targets"),
          .steps = index.at("steps"),
          .restarts = entry.at("restarts"),
          .rho = index.at("rho")};
}

// Every step rounds the point to float a few times, and the step after it starts there: 2^-24 each, and the
// stored values once more. L2 steps also have the direction's own error.
constexpr double kTolerance = 2e-6;

TEST(StoredApgd, ResultsOnBothEngines) {
  expect_stored_results(
      "apgd", 6, kTolerance,
      [](const json& index, const json& entry, engine::Plan& plan, const attack::AttackInput& input) {
        return run(apgd_of(index, entry), plan, input, {});
      },
      [](const json& entry, std::size_t i, const attack::AttackedImage& found) {
        EXPECT_EQ(found.adversarial.success, entry.at("success")[i].get<bool>());
        EXPECT_EQ(found.steps, entry.at("step")[i].get<int>());
        EXPECT_EQ(found.restart, entry.at("run")[i].get<int>());
        if (entry.at("name") != "apgd-dlr") {
          EXPECT_NEAR(found.adversarial.loss, entry.at("cross_entropy")[i].get<double>(), 1e-5);
        }
      });
}

}  // namespace
}  // namespace faultline::oracles
