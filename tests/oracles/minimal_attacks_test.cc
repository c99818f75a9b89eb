#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "attack/catalogue.h"
#include "attack/norm.h"
#include "attack/projection.h"
#include "base/files.h"
#include "engine/engine.h"
#include "formats/load_model.h"
#include "tensor/npy.h"

namespace faultline::oracles {
namespace {

using nlohmann::json;

// Results are float images, after up to a few dozen steps that each round points to float.
constexpr double kTolerance = 5e-7;

struct MinimalCases {
  std::filesystem::path folder = std::filesystem::path(FAULTLINE_SOURCE_DIR) / "tests/data/oracles/minimal";
  json index = json::parse(read_file(folder / "index.json"));
  Tensor images = read_npy(folder / index.at("images").get<std::string>());
  std::vector<std::string> keys = {"0", "1", "2", "3"};

  std::unique_ptr<engine::Plan> compile(const std::string& engine) const {
    const auto model = formats::load_model(folder / index.at("model").get<std::string>());
    return engine::make_engine(engine, {.precision = engine::Precision::f32})->compile(model.graph, {});
  }
};

attack::Norm norm_named(const std::string& name) {
  const auto found = std::ranges::find(attack::kNormNames, name);
  return static_cast<attack::Norm>(found - attack::kNormNames.begin());
}

void expect_case(const MinimalCases& cases, const json& stored, engine::Plan& plan) {
  SCOPED_TRACE(stored.at("name").get<std::string>());
  const std::vector<int> targets = stored.at("targets");
  Settings settings = attack::attack_settings(stored.at("attack").get<std::string>());
  settings.set_all(stored.at("settings"));
  if (!targets.empty()) settings.set("goal", "targeted");
  const attack::AttackInput input{.images = cases.images, .targets = targets, .keys = cases.keys};
  const auto results = attack::make_attack(settings)->run(plan, input, {});
  const Tensor expected = read_npy(cases.folder / stored.at("points").get<std::string>());
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    EXPECT_EQ(results[i].adversarial.success, stored.at("success")[i].get<bool>());
    const double size =
        attack::distance(norm_named(stored.at("norm")), cases.images.row(row), results[i].image);
    EXPECT_NEAR(size, stored.at("sizes")[i].get<double>(), 192 * kTolerance);
    EXPECT_LE(attack::distance(attack::Norm::linf, expected.row(row), results[i].image), kTolerance)
        << "image " << i;
  }
}

void expect_all(const std::string& engine) {
  const MinimalCases cases;
  const auto plan = cases.compile(engine);
  ASSERT_EQ(cases.index.at("cases").size(), 14U);
  for (const json& stored : cases.index.at("cases")) expect_case(cases, stored, *plan);
}

TEST(StoredMinimalAttacks, OnTheReferenceEngine) {
  expect_all("reference");
}

TEST(StoredMinimalAttacks, OnOneDnn) {
  expect_all("onednn");
}

}  // namespace
}  // namespace faultline::oracles
