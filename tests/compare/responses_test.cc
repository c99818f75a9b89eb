#include "compare/responses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "expect_error.h"
#include "response_networks.h"

namespace faultline::compare {
namespace {

using net::NodeId;

class Responses : public ResponsesOfEither {};

INSTANTIATE_TEST_SUITE_P(, Responses, ::testing::Values("chain", "branched"), name_of_case);

TEST_P(Responses, DeviationsAndPullsAreThoseOfTheValuesRead) {
  const net::Graph graph = network();
  const auto plan = test::compile_all(graph, "reference");
  const auto pass = plan->forward(images());
  for (std::size_t i = 0; i < compared.map.points.size(); ++i) {
    const engine::Observation& at = pass->observe(compared.map.points[i].node);
    const DoubleTensor clean = at.read(0);
    const DoubleTensor other = at.read(1);
    double norm = 0;
    double distance = 0;
    for (std::int64_t k = 0; k < clean.elements(); ++k) {
      norm += clean[k] * clean[k];
      distance += (other[k] - clean[k]) * (other[k] - clean[k]);
    }
    EXPECT_NEAR(result.points[i].deviation[1].value(), std::sqrt(distance / norm), 1e-12);
    EXPECT_NEAR(result.points[i].clean_norm, std::sqrt(norm), 1e-12 * std::sqrt(norm));
  }
}

TEST_P(Responses, TheCleanImageAgainIsNoChange) {
  for (const std::size_t row : {std::size_t{0}, std::size_t{7}}) {
    for (const PointResponse& point : result.points) {
      EXPECT_EQ(point.deviation[row], 0);
      EXPECT_EQ(point.pull[row], 0);
      EXPECT_FALSE(point.log_excess[row] || point.step[row] || point.alignment[row]);
    }
    for (const auto& layer : result.heatmaps) {
      for (const HeatmapResponse& heatmap : layer) {
        const Measured expected = heatmap.rows[row].blank ? Measured() : Measured(0);
        EXPECT_THAT(heatmap.rows[row].distances, ::testing::Each(expected));
      }
    }
  }
}

TEST_P(Responses, NothingThatIsThereIsNotFinite) {
  for (const PointResponse& point : result.points) {
    EXPECT_TRUE(point.reach.value() > 0 && std::isfinite(*point.reach));
    EXPECT_DOUBLE_EQ(point.relative_reach.value(), *point.reach / point.clean_norm);
    for (std::size_t row = 1; row < 7; ++row) {
      EXPECT_TRUE(point.alignment[row].value() >= -1 && *point.alignment[row] <= 1);
      EXPECT_TRUE(std::isfinite(point.log_excess[row].value()));
    }
  }
}

TEST_P(Responses, PermutingRowsPermutesTheResults) {
  const std::vector<std::size_t> order = {0, 6, 4, 3, 7, 2, 1, 5};
  const Tensor batch = images();
  Tensor permuted(batch.shape());
  std::vector<Role> permuted_roles;
  for (std::size_t row = 0; row < order.size(); ++row) {
    const auto from = batch.row(static_cast<std::int64_t>(order[row]));
    std::ranges::copy(from.values(), permuted.row(static_cast<std::int64_t>(row)).data());
    permuted_roles.push_back(roles()[order[row]]);
  }
  const ResponseComparison other = compare_responses(*compared.plan, permuted, permuted_roles, compared.map);
  for (std::size_t row = 0; row < order.size(); ++row) {
    const std::size_t was = order[row];
    EXPECT_EQ(other.margins[row], result.margins[was]);
    for (std::size_t i = 0; i < result.points.size(); ++i) {
      EXPECT_EQ(other.points[i].deviation[row], result.points[i].deviation[was]);
      EXPECT_EQ(other.points[i].pull[row], result.points[i].pull[was]);
      // The mean over gaussian rows is summed in another order.
      EXPECT_NEAR(other.points[i].step[row].value_or(0), result.points[i].step[was].value_or(0), 1e-14);
    }
    for (std::size_t layer = 0; layer < result.heatmaps.size(); ++layer) {
      for (std::size_t method = 0; method < result.heatmaps[layer].size(); ++method) {
        EXPECT_EQ(other.heatmaps[layer][method].rows[row].distances,
                  result.heatmaps[layer][method].rows[was].distances);
      }
    }
  }
}

TEST(CompareResponses, MeasuresWhatIsAskedFor) {
  CompareOptions options;
  options.methods = {heatmap::heatmap_method("gradcam")};
  options.distances.assign(map_distances().begin(), map_distances().end());
  options.score = heatmap::score("own");
  const Compared compared(chain(), options);
  const auto& heatmaps = compared.result.heatmaps;
  ASSERT_EQ(heatmaps.size(), 3U);
  ASSERT_EQ(heatmaps[0].size(), 1U);
  EXPECT_EQ(heatmaps[0][0].maps.shape(), (Shape{8, 12, 10}));
  EXPECT_EQ(heatmaps[2][0].maps.shape(), (Shape{8, 6, 5}));
  ASSERT_EQ(heatmaps[0][0].rows[1].distances.size(), 10U);
  const RankedMap clean(heatmaps[2][0].maps.row(0));
  const RankedMap adversarial(heatmaps[2][0].maps.row(1));
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(heatmaps[2][0].rows[1].distances[i], map_distances()[i].distance(clean, adversarial));
  }
}

// With no positive weight behind it a layer gets no positive gradient: LayerCAM sees nothing, HiResCAM only
// what relu cuts.
TEST(CompareResponses, ReportsBlankMapsAndLeavesTheirDistancesOut) {
  net::Graph graph;
  const NodeId image = graph.add("image", net::Input{Shape{3, 4, 4}}, {});
  const NodeId layer = add_layer(graph, "layer", image, 3, 4);
  const NodeId flat = graph.add("flat", net::Flatten{}, {layer});
  Tensor weights = test::random_tensor(Shape{64, 3}, "weights");
  for (float& weight : weights.values()) weight = -std::abs(weight);
  graph.set_output(graph.add("fc", net::MatMul{}, {flat, graph.add_constant("w", weights)}));
  const net::NetworkMap map = net::map_network(graph);
  const auto plan =
      engine::make_engine("reference")->compile(graph, {.observed = observed_nodes(graph, map)});
  const Tensor batch = test::random_tensor(Shape{2, 3, 4, 4}, "two images");
  const std::vector<Role> two = {Role::clean, Role::adversarial};
  const ResponseComparison result = compare_responses(*plan, batch, two, map);
  for (const HeatmapResponse& heatmap : result.heatmaps.at(0)) {
    for (const HeatmapMeasures& row : heatmap.rows) {
      EXPECT_TRUE(row.blank);
      EXPECT_FALSE(row.concentration.entropy || row.concentration.gini || row.concentration.half_mass);
      EXPECT_THAT(row.distances, ::testing::Each(Measured()));
    }
  }
  // Nor is there a log excess without gaussian rows.
  for (const PointResponse& point : result.points) EXPECT_FALSE(point.log_excess[1] || point.step[1]);
}

TEST(CompareResponses, TakesTheBestOtherClassWhereTheAttackFailed) {
  const Compared compared(chain());
  const Tensor batch = images();
  Tensor same(Shape{2, 3, 12, 10});
  for (const std::int64_t row : {0, 1}) std::ranges::copy(batch.row(0).values(), same.row(row).data());
  const std::vector<Role> pair = {Role::clean, Role::adversarial};
  const ResponseComparison result = compare_responses(*compared.plan, same, pair, compared.map);
  EXPECT_EQ(result.predictions[1], result.classes.clean_class);
  const auto z = result.logits.row(1);
  for (int j = 0; j < 7; ++j) {
    EXPECT_TRUE(j == result.classes.clean_class || z[j] <= z[result.classes.other_class]);
  }
  EXPECT_NE(result.classes.other_class, result.classes.clean_class);
}

TEST(CompareResponses, RefusesBatchesWithoutACleanOrAnAdversarialRow) {
  const Compared compared(chain());
  const Tensor batch = images();
  const auto compare = [&](std::vector<Role> some) {
    compare_responses(*compared.plan, batch.rows(0, 2), some, compared.map);
  };
  EXPECT_THROW(compare({Role::adversarial, Role::clean}), ContractError);
  EXPECT_THROW(compare({Role::clean, Role::clean}), ContractError);
  EXPECT_THROW(compare({Role::clean, Role::gaussian}), ContractError);
  EXPECT_THROW(compare({Role::clean, Role::adversarial, Role::gaussian}), ContractError);
}

TEST(CompareResponses, RefusesNetworksWithoutAMargin) {
  const auto with_classes = [](std::int64_t classes, float weight) {
    net::Graph graph;
    const NodeId image = graph.add("image", net::Input{Shape{3, 2, 2}}, {});
    const NodeId flat = graph.add("flat", net::Flatten{}, {image});
    Tensor weights(Shape{12, classes});
    std::ranges::fill(weights.values(), weight);
    graph.set_output(graph.add("fc", net::MatMul{}, {flat, graph.add_constant("w", weights)}));
    const net::NetworkMap map = net::map_network(graph);
    const auto plan =
        engine::make_engine("reference")->compile(graph, {.observed = observed_nodes(graph, map)});
    const std::vector<Role> two = {Role::clean, Role::adversarial};
    compare_responses(*plan, test::random_tensor(Shape{2, 3, 2, 2}, "two"), two, map);
  };
  test::expect_error([&] { with_classes(1, 1); }, ErrorKind::model, "has 1 class; expected at least 2");
  test::expect_error([&] { with_classes(2, std::nanf("")); }, ErrorKind::model, "logits are not finite");
}

}  // namespace
}  // namespace faultline::compare
