#include "attack/square.h"

#include <gtest/gtest.h>

#include "oracles/stored_results.h"

namespace faultline::oracles {
namespace {

using nlohmann::json;

attack::Square square_of(const json& index, const json& entry) {
  return {.ball = {.norm = entry.at("norm") == "l2" ? attack::Norm::l2 : attack::Norm::linf,
                   .eps = entry.at("eps")},
          .queries = entry.at("queries"),
          .p = index.at("p"),
          .rescaled = entry.at("rescaled"),
          .restarts = entry.at("restarts")};
}

constexpr double kTolerance = 2e-6;  // L2 points round once an accepted query

TEST(StoredSquare, ResultsOnBothEngines) {
  expect_stored_results(
      "square", 4, kTolerance,
      [](const json& index, const json& entry, engine::Plan& plan, const attack::AttackInput& input) {
        return run(square_of(index, entry), plan, input, {});
      },
      [](const json& entry, std::size_t i, const attack::AttackedImage& found) {
        EXPECT_EQ(found.steps, entry.at("query")[i].get<int>());
        EXPECT_EQ(found.restart, entry.at("restart")[i].get<int>());
        EXPECT_NEAR(found.adversarial.loss, entry.at("margin")[i].get<double>(), 1e-5);
      });
}

}  // namespace
}  // namespace faultline::oracles
