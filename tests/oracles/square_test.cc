#include "attack/square.h"

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

void expect_stored(const json& index, const json& entry, const std::filesystem::path& folder,
                   const AttackCases& tiny, engine::Plan& plan) {
  const attack::Square square{
      .ball = {.norm = entry.at("norm") == "l2" ? attack::Norm::l2 : attack::Norm::linf,
               .eps = entry.at("eps")},
      .queries = entry.at("queries"),
      .p = index.at("p"),
      .rescaled = entry.at("rescaled"),
      .restarts = entry.at("restarts")};
  const std::vector<std::string> keys = {"image0", "image1", "image2", "image3"};
  const attack::AttackInput input{.images = tiny.images, .keys = keys, .seed = entry.at("seed")};
  const auto results = run(square, plan, input, {});
  const Tensor expected = read_npy(folder / entry.at("images").get<std::string>());
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::string what = entry.dump() + " image " + std::to_string(i);
    EXPECT_EQ(results[i].steps, entry.at("query")[i].get<int>()) << what;
    EXPECT_EQ(results[i].restart, entry.at("restart")[i].get<int>()) << what;
    EXPECT_NEAR(results[i].adversarial.loss, entry.at("margin")[i].get<double>(), 1e-5) << what;
    const TensorView image = expected.row(static_cast<std::int64_t>(i));
    for (std::int64_t j = 0; j < image.elements(); ++j) {  // L2 points round once an accepted query
      ASSERT_NEAR(double{results[i].image[j]}, double{image[j]}, 2e-6) << what << ", element " << j;
    }
  }
}

TEST(StoredSquare, ResultsOnBothEngines) {
  const std::filesystem::path folder =
      std::filesystem::path(FAULTLINE_SOURCE_DIR) / "tests/data/oracles/square";
  const json index = json::parse(read_file(folder / "index.json"));
  const AttackCases tiny = attack_cases();
  ASSERT_EQ(index.at("cases").size(), 4U);
  for (const char* engine : {"reference", "onednn"}) {
    const auto plan = engine::make_engine(engine, {.precision = engine::Precision::f32})
                          ->compile(formats::load_model(tiny.model).graph, {});
    for (const json& entry : index.at("cases")) expect_stored(index, entry, folder, tiny, *plan);
  }
}

}  // namespace
}  // namespace faultline::oracles
