#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "attack/catalogue.h"
#include "attack/projection.h"
#include "base/files.h"
#include "engine/engine.h"
#include "formats/load_model.h"
#include "tensor/npy.h"

namespace faultline::oracles {
namespace {

using nlohmann::json;

// The next image is each one's guide.
void expect_layer_cases(const std::string& engine, double tolerance) {
  const std::filesystem::path folder =
      std::filesystem::path(FAULTLINE_SOURCE_DIR) / "tests/data/oracles/layer";
  const json index = json::parse(read_file(folder / "index.json"));
  const Tensor images = read_npy(folder / index.at("images").get<std::string>());
  Tensor guides(images.shape());
  for (std::int64_t i = 0; i < 4; ++i) {
    std::ranges::copy(images.row((i + 1) % 4).values(), guides.row(i).data());
  }
  const std::vector<std::string> keys = {"0", "1", "2", "3"};
  const net::Graph graph = formats::load_model(folder / index.at("model").get<std::string>()).graph;
  ASSERT_EQ(index.at("cases").size(), 3U);
  for (const json& stored : index.at("cases")) {
    SCOPED_TRACE(stored.at("name").get<std::string>());
    const auto attack = attack::make_attack(attack::attack_settings("layer").set_all(stored.at("settings")));
    const auto plan = engine::make_engine(engine, {.precision = engine::Precision::f32})
                          ->compile(graph, {.observed = attack->observed(graph)});
    const auto results = attack->run(*plan, {.images = images, .guides = guides, .keys = keys}, {});
    const Tensor expected = read_npy(folder / stored.at("points").get<std::string>());
    for (std::size_t i = 0; i < 4; ++i) {
      const auto row = static_cast<std::int64_t>(i);
      EXPECT_LE(attack::distance(attack::Norm::linf, expected.row(row), results[i].image), 5e-7);
      const double distance = stored.at("distances")[i].get<double>();
      EXPECT_NEAR(results[i].adversarial.score, -distance, tolerance * distance);
    }
  }
}

TEST(StoredLayerAttacks, OnTheReferenceEngine) {
  expect_layer_cases("reference", 1e-6);
}

TEST(StoredLayerAttacks, OnOneDnn) {
  expect_layer_cases("onednn", 1e-5);
}

}  // namespace
}  // namespace faultline::oracles
