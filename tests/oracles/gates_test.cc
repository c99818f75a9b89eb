#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "causal/gates_game.h"
#include "causal/shapley.h"
#include "formats/load_model.h"
#include "tensor/npy.h"

namespace faultline::oracles {
namespace {

using nlohmann::json;

void expect_stored_games(const std::string& engine, double tolerance) {
  const std::filesystem::path folder =
      std::filesystem::path(FAULTLINE_SOURCE_DIR) / "tests/data/oracles/gates";
  const json index = json::parse(read_file(folder / "index.json"));
  const Tensor images = read_npy(folder / index.at("images").get<std::string>());
  const Tensor others = read_npy(folder / index.at("others").get<std::string>());
  const formats::Model model = formats::load_model(folder / index.at("model").get<std::string>());
  causal::GatesPlayer player(model.graph, model.map,
                             *engine::make_engine(engine, {.precision = engine::Precision::f32}));
  ASSERT_EQ(index.at("games").size(), 4U);
  for (std::int64_t i = 0; i < 4; ++i) {
    SCOPED_TRACE(i);
    const json& stored = index.at("games")[static_cast<std::size_t>(i)];
    const causal::GatesGame game = player.play(
        images.row(i), others.row(i), {.clean = stored.at("clean_class"), .other = stored.at("other_class")});
    const std::vector<double> values = stored.at("values");
    const std::vector<double> shapley = stored.at("shapley");
    ASSERT_EQ(game.values.size(), values.size());
    for (std::size_t c = 0; c < values.size(); ++c) EXPECT_NEAR(game.values[c], values[c], tolerance) << c;
    const std::vector<double> shares = causal::shapley_values(game.values);
    for (std::size_t p = 0; p < shares.size(); ++p) EXPECT_NEAR(shares[p], shapley[p], tolerance) << p;
    EXPECT_LT(game.identity_error, tolerance);
  }
}

TEST(StoredGatesGames, OnTheReferenceEngine) {
  expect_stored_games("reference", 1e-6);
}

TEST(StoredGatesGames, OnOneDnn) {
  expect_stored_games("onednn", 2e-5);
}

}  // namespace
}  // namespace faultline::oracles
