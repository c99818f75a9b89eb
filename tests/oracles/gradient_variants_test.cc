#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "attack/catalogue.h"
#include "base/files.h"
#include "engine/engine.h"
#include "formats/load_model.h"
#include "oracles/stored.h"
#include "tensor/npy.h"

namespace faultline::oracles {
namespace {

using nlohmann::json;

// Every step rounds the point to float a few times, and the next gradient is taken there; l2 steps and
// momenta carry the gradient's own error, which is that of float32 sums.
constexpr double kTolerance = 2e-6;

void expect_stored(const json& entry, const Tensor& expected, const AttackCases& tiny, engine::Plan& plan) {
  Settings settings = attack::attack_settings(entry.at("attack").get<std::string>());
  settings.set_all(entry.at("settings"));
  const std::vector<std::string> keys = {"image0", "image1", "image2", "image3"};
  const auto results = attack::make_attack(settings)->run(
      plan, {.images = tiny.images, .keys = keys, .seed = entry.at("seed")}, {});
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::string what = entry.dump() + " image " + std::to_string(i);
    EXPECT_EQ(results[i].adversarial.predicted, entry.at("prediction")[i].get<int>()) << what;
    const TensorView image = expected.row(static_cast<std::int64_t>(i));
    for (std::int64_t j = 0; j < image.elements(); ++j) {
      ASSERT_NEAR(double{results[i].image[j]}, double{image[j]}, kTolerance) << what << ", element " << j;
    }
  }
}

TEST(StoredGradientVariants, ResultsOnBothEngines) {
  const std::filesystem::path folder =
      std::filesystem::path(FAULTLINE_SOURCE_DIR) / "tests/data/oracles/gradient_variants";
  const json index = json::parse(read_file(folder / "index.json"));
  const AttackCases tiny = attack_cases();
  ASSERT_EQ(index.at("cases").size(), 8U);
  for (const char* engine : {"reference", "onednn"}) {
    const auto plan = engine::make_engine(engine, {.precision = engine::Precision::f32})
                          ->compile(formats::load_model(tiny.model).graph, {});
    for (const json& entry : index.at("cases"))
      expect_stored(entry, read_npy(folder / entry.at("images").get<std::string>()), tiny, *plan);
  }
}

}  // namespace
}  // namespace faultline::oracles
