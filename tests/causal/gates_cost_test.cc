#include <gtest/gtest.h>

#include "causal/gates_game.h"
#include "formats/vgg.h"
#include "networks.h"

namespace faultline::causal {
namespace {

// VGG-16's shape at an eighth of its width: the same share of work in every block.
TEST(GatesGame, AllRunsOfVgg16CostAtMostFourteenPasses) {
  const net::Graph graph = formats::build_vgg({.layers = 16, .width = 0.125, .classes = 10});
  GatesPlayer player(graph, net::map_network(graph), *engine::make_engine("onednn"));
  ASSERT_EQ(player.blocks(), 6);
  Tensor clean = test::normal({3, 224, 224}, "clean", 0.1);
  Tensor other = test::normal({3, 224, 224}, "other", 0.01);
  for (std::int64_t i = 0; i < clean.elements(); ++i) {
    clean[i] += 0.5F;
    other[i] += clean[i];
  }
  const GatesGame game = player.play(clean, other, {.clean = 0, .other = 1});
  EXPECT_EQ(game.values.size(), 128U);
  EXPECT_LE(player.passes(), 14);
  EXPECT_NEAR(player.passes(), player.passes_a_game(), 0.02 * player.passes()) << "as foretold";
  RecordProperty("passes", std::to_string(player.passes()));
  const double scale = std::abs(game.values.front()) + std::abs(game.values.back());
  EXPECT_LT(game.identity_error, 1e-4 * scale);
  for (const Coalition players : {1U, 42U, 86U, 126U})
    EXPECT_NEAR(game.values[players], player.run(players), 1e-4 * scale) << players;
}

}  // namespace
}  // namespace faultline::causal
