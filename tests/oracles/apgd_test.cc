#include "attack/apgd.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "engine/engine.h"
#include "formats/load_model.h"
#include "oracles/stored.h"
#include "tensor/npy.h"

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

void expect_stored(const json& index, const json& entry, const std::filesystem::path& folder,
                   const AttackCases& tiny, engine::Plan& plan) {
  const attack::Apgd apgd = apgd_of(index, entry);
  const std::vector<std::string> keys = {"image0", "image1", "image2", "image3"};
  const attack::AttackInput input{.images = tiny.images, .keys = keys, .seed = entry.at("seed")};
  const auto results = run(apgd, plan, input, {});
  const Tensor expected = read_npy(folder / entry.at("images").get<std::string>());
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::string what = entry.dump() + " image " + std::to_string(i);
    EXPECT_EQ(results[i].adversarial.success, entry.at("success")[i].get<bool>()) << what;
    EXPECT_EQ(results[i].steps, entry.at("step")[i].get<int>()) << what;
    EXPECT_EQ(results[i].restart, entry.at("run")[i].get<int>()) << what;
    if (apgd.objective.loss == attack::Loss::cross_entropy) {
      EXPECT_NEAR(results[i].adversarial.loss, entry.at("cross_entropy")[i].get<double>(), 1e-5) << what;
    }
    const TensorView image = expected.row(static_cast<std::int64_t>(i));
    for (std::int64_t j = 0; j < image.elements(); ++j) {
      ASSERT_NEAR(double{results[i].image[j]}, double{image[j]}, kTolerance) << what << ", element " << j;
    }
  }
}

TEST(StoredApgd, ResultsOnBothEngines) {
  const std::filesystem::path folder =
      std::filesystem::path(FAULTLINE_SOURCE_DIR) / "tests/data/oracles/apgd";
  const json index = json::parse(read_file(folder / "index.json"));
  const AttackCases tiny = attack_cases();
  ASSERT_EQ(index.at("cases").size(), 6U);
  for (const char* engine : {"reference", "onednn"}) {
    const auto plan = engine::make_engine(engine, {.precision = engine::Precision::f32})
                          ->compile(formats::load_model(tiny.model).graph, {});
    for (const json& entry : index.at("cases")) expect_stored(index, entry, folder, tiny, *plan);
  }
}

}  // namespace
}  // namespace faultline::oracles
