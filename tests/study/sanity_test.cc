#include "study/sanity.h"

#include <gmock/gmock.h>

#include "study/explainer.h"
#include "study/tiny_study.h"

namespace faultline::study {
namespace {

class Sanity : public test::TinyStudy {
 protected:
  DoubleTensor logits(const net::Graph& graph) const {
    return engine_->compile(graph, {})->forward(stack({&image_.pixels, 1}))->logits();
  }
  std::vector<SanityResult> check(const std::vector<std::string>& methods, const std::string& layer = "",
                                  std::uint64_t seed = 42) const {
    std::vector<Settings> settings;
    for (const std::string& name : methods) settings.push_back(heatmap::method_settings(name));
    return check_sanity(model_, {image_}, *engine_, {.methods = settings, .layer = layer, .seed = seed}, {});
  }
};

TEST_F(Sanity, RandomisesFromTheOutputDown) {
  const auto layers = layers_to_randomise(model_.graph);
  ASSERT_EQ(layers.size(), 11U);
  EXPECT_EQ(model_.graph.node(layers.back()).name, "block1_conv1");
  EXPECT_EQ(layers.front(), std::ranges::max(layers));
  EXPECT_THAT(logits(randomised(model_.graph, 0, 42)).values(),
              ::testing::ElementsAreArray(logits(model_.graph).values()));
  const net::Graph one = randomised(model_.graph, 1, 42);
  EXPECT_THAT(logits(one).values(),
              ::testing::ElementsAreArray(logits(randomised(model_.graph, 1, 42)).values()));
  EXPECT_THAT(logits(one).values(),
              ::testing::Not(::testing::ElementsAreArray(logits(randomised(model_.graph, 1, 43)).values())));
  for (net::NodeId id = 0; id < one.size(); ++id) {
    const auto* was = std::get_if<net::Constant>(&model_.graph.node(id).op);
    if (was == nullptr) continue;
    const auto& inputs = model_.graph.node(layers.front()).inputs;
    const bool same =
        std::ranges::equal(was->value->values(), std::get<net::Constant>(one.node(id).op).value->values());
    // The layer's bias is 0 already.
    EXPECT_EQ(same, id != inputs[1]) << one.node(id).name;
  }
  EXPECT_THROW(randomised(model_.graph, 12, 42), ContractError);
}

// Eigen-CAM of a layer knows nothing of what follows it, and a map of the first layer's activation nothing
// but that layer's weights.
TEST_F(Sanity, SeesThatEigenCamIgnoresWhatFollows) {
  const auto results = check({"eigencam", "gradient"}, "block1_conv1");
  ASSERT_EQ(results.size(), 2U);
  ASSERT_EQ(results[0].steps.size(), 11U);
  EXPECT_EQ(results[0].steps.back().layer, "block1_conv1");
  for (std::size_t i = 0; i + 1 < 11; ++i) EXPECT_NEAR(results[0].steps[i].mean().value(), 1, 1e-12);
  EXPECT_LT(results[0].whole().value(), 0.999);
  EXPECT_NEAR(results[0].upper_half().value(), 1, 1e-12);
  EXPECT_FALSE(results[0].passes());
  EXPECT_LT(results[1].whole().value(), 0.5);
}

TEST_F(Sanity, PassesOnlyBelowTheLargestSimilarity) {
  const auto result = [](compare::Measured half, compare::Measured all) {
    return SanityResult{.method = "m", .steps = {{"a", {half}}, {"b", {half}}, {"c", {0.9}}, {"d", {all}}}}
        .passes();
  };
  EXPECT_TRUE(result(0.4, -0.3));
  EXPECT_FALSE(result(0.6, 0));
  EXPECT_FALSE(result(0, 0.6));
  EXPECT_FALSE(result(std::nullopt, 0));
  EXPECT_FALSE(SanityResult{}.passes());
}

TEST_F(Sanity, MeansLeaveOutWhatIsMissing) {
  EXPECT_EQ((SanityStep{"a", {0.5, std::nullopt, 0.25}}.mean()), 0.375);
  EXPECT_FALSE((SanityStep{"a", {std::nullopt}}.mean().has_value()));
}

TEST_F(Sanity, RefusesWhatDoesNotExist) {
  EXPECT_THROW(check({"scam"}), Error);
  EXPECT_THROW(check({"layercam"}, "block9_conv1"), Error);
}

TEST_F(Sanity, ExplainsByEveryMethod) {
  const std::vector<net::NodeId> layers = {model_.map.layer("block2_conv1").post_activation,
                                           model_.map.layer("block3_conv1").post_activation};
  const Tensor batch = stack({&image_.pixels, 1});
  for (const auto& method : heatmap::all_methods()) {
    const Explainer explainer(model_.graph, *engine_, method.name, layers);
    const auto maps = explainer.maps({.image = batch, .classes = {.clean_class = 1, .other_class = 0}});
    if (method.place == heatmap::Place::input) {
      ASSERT_EQ(maps.size(), 1U) << method.name;
      EXPECT_EQ(maps[0].shape(), (Shape{32, 32})) << method.name;
    } else {
      ASSERT_EQ(maps.size(), 2U) << method.name;
      EXPECT_EQ(maps[0].shape(), (Shape{16, 16})) << method.name;
    }
    const double least = std::ranges::min(maps[0].values());
    EXPECT_TRUE(method.is_signed || least >= 0) << method.name;
  }
}

}  // namespace
}  // namespace faultline::study
