// What holds for every attribution at the input.
#include <gmock/gmock.h>

#include "engine/close.h"
#include "heatmap/attribution.h"
#include "heatmap/rectified.h"

namespace faultline::heatmap {
namespace {

TEST(InputMethods, AgreeOnBothEngines) {
  const net::Graph graph = network();
  for (const InputMethod& each : input_methods()) {
    const Explained explained{
        .options = {.integrated_gradients = {.steps = 5}, .smoothgrad = {.samples = 3}}};
    const DoubleTensor reference = explained.by(each.name, graph);
    EXPECT_FALSE(is_blank(reference)) << each.name;
    EXPECT_LE(test::relative_l2(explained.by(each.name, graph, "onednn"), reference), 1e-4) << each.name;
  }
}

// Branches, Sigmoid, Concat: not what LRP or FullGrad are complete on, but defined.
TEST(InputMethods, RunOnNetworksWithBranches) {
  const net::Graph graph = test::branched_network();
  for (const InputMethod& each : input_methods()) {
    const Explained explained{.picture = test::random_tensor(Shape{1, 3, 9, 7}, "image")};
    const DoubleTensor reference = explained.by(each.name, graph);
    EXPECT_LE(test::relative_l2(explained.by(each.name, graph, "onednn"), reference), 1e-4) << each.name;
    EXPECT_EQ(channel_total(reference).shape(), (Shape{9, 7}));
  }
}

TEST(InputMethods, OfAnOwnScoreExplainThePrediction) {
  const net::Graph graph = network();
  const auto logits = test::compile_all(graph, "reference")->forward(image())->logits();
  const auto predicted = std::ranges::max_element(logits.values()) - logits.values().begin();
  const Explained own{.score = score("own")};
  const auto plan = compile_for(method("gradient"), *engine::make_engine("reference"), graph);
  for (const std::string_view name : {"gradient", "integrated-gradients", "smoothgrad"}) {
    const Tensor picture = image();
    const DoubleTensor expected =
        method(name).attribute(*plan,
                               {.image = picture,
                                .key = "key",
                                .classes = {.clean_class = static_cast<int>(predicted), .other_class = 0}},
                               {});
    EXPECT_THAT(own.by(name, graph).values(), ::testing::ElementsAreArray(expected.values())) << name;
  }
}

}  // namespace
}  // namespace faultline::heatmap
