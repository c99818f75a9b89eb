#include <gtest/gtest.h>

#include "attack/catalogue.h"
#include "oracles/stored_results.h"

namespace faultline::oracles {
namespace {

using nlohmann::json;

// Every step rounds the point to float a few times, and the next gradient is taken there; l2 steps and
// momenta carry the gradient's own error, which is that of float32 sums.
constexpr double kTolerance = 2e-6;

TEST(StoredGradientVariants, ResultsOnBothEngines) {
  expect_stored_results(
      "gradient_variants", 8, kTolerance,
      [](const json& /*index*/, const json& entry, engine::Plan& plan, const attack::AttackInput& input) {
        Settings settings = attack::attack_settings(entry.at("attack").get<std::string>());
        settings.set_all(entry.at("settings"));
        return attack::make_attack(settings)->run(plan, input, {});
      },
      [](const json& entry, std::size_t i, const attack::AttackedImage& found) {
        EXPECT_EQ(found.adversarial.predicted, entry.at("prediction")[i].get<int>());
      });
}

}  // namespace
}  // namespace faultline::oracles
