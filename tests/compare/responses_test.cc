#include "compare/responses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/networks.h"
#include "expect_error.h"

namespace faultline::compare {
namespace {

using net::NodeId;
using test::add_conv;
using test::add_dense;

constexpr net::Normalize kNormalize{.scale = 1, .mean = {0.4f, 0.5f, 0.6f}, .std = {0.2f, 0.3f, 0.25f}};

NodeId add_layer(net::Graph& graph, const std::string& name, NodeId input, std::int64_t in, std::int64_t out,
                 std::int64_t kernel = 3) {
  const std::int64_t pad = kernel / 2;
  const NodeId conv =
      add_conv(graph, name, input, Shape{out, in, kernel, kernel}, {.pads = {pad, pad, pad, pad}});
  return graph.add(name + ".relu", net::Relu{}, {conv});
}

// A chain: two layers, pooling, a layer, pooling, two dense layers -> 7 classes.
net::Graph chain() {
  net::Graph graph;
  const NodeId image = graph.add("image", net::Input{Shape{3, 12, 10}}, {});
  const NodeId a = add_layer(graph, "a", image, 3, 4);
  const NodeId b = add_layer(graph, "b", a, 4, 5);
  const NodeId pool1 = graph.add("pool1", net::MaxPool{.kernel = {2, 2}, .strides = {2, 2}}, {b});
  const NodeId c = add_layer(graph, "c", pool1, 5, 6);
  const NodeId pool2 = graph.add("pool2", net::MaxPool{.kernel = {2, 2}, .strides = {2, 2}}, {c});
  const NodeId flat = graph.add("flat", net::Flatten{}, {pool2});
  const NodeId fc1 = graph.add("fc1.relu", net::Relu{}, {add_dense(graph, "fc1", flat, 6 * 3 * 2, 8)});
  graph.set_output(add_dense(graph, "fc2", fc1, 8, 7));
  return net::with_preprocessing(graph, kNormalize);
}

// Branches of every kind: two expanding layers side by side; a residual block whose sum is rectified; a
// pooling beside a layer; a gate, x sigmoid(x).
net::Graph branched() {
  net::Graph graph;
  const NodeId image = graph.add("image", net::Input{Shape{3, 12, 10}}, {});
  const NodeId squeeze = add_layer(graph, "squeeze", image, 3, 4);
  const NodeId left = add_layer(graph, "left", squeeze, 4, 3, 1);
  const NodeId right = add_layer(graph, "right", squeeze, 4, 3);
  const NodeId expanded = graph.add("expanded", net::Concat{.axis = 1}, {left, right});
  const NodeId inner = add_layer(graph, "inner", expanded, 6, 5);
  const NodeId last = add_conv(graph, "last", inner, Shape{6, 5, 3, 3}, {.pads = {1, 1, 1, 1}});
  const NodeId sum = graph.add("sum", net::Binary{net::Binary::Kind::add}, {expanded, last});
  const NodeId residual = graph.add("residual", net::Relu{}, {sum});
  const NodeId beside = add_conv(graph, "beside", residual, Shape{4, 6, 1, 1});
  const NodeId pool =
      graph.add("pool", net::MaxPool{.kernel = {3, 3}, .strides = {1, 1}, .pads = {1, 1, 1, 1}}, {residual});
  const NodeId mixed = graph.add("mixed", net::Concat{.axis = 1}, {beside, pool});
  const NodeId half = graph.add("half", net::Binary{net::Binary::Kind::mul},
                                {mixed, graph.add_constant("scale", Tensor(Shape{1}, {0.05f}))});
  const NodeId gate = graph.add("gate", net::Sigmoid{}, {half});
  const NodeId gated = graph.add("gated", net::Binary{net::Binary::Kind::mul}, {half, gate});
  const NodeId mean = graph.add("mean", net::GlobalAveragePool{}, {gated});
  const NodeId flat = graph.add("flat", net::Flatten{}, {mean});
  graph.set_output(add_dense(graph, "fc", flat, 10, 7));
  return net::with_preprocessing(graph, kNormalize);
}

const std::vector<Role>& roles() {
  static const std::vector<Role> kRoles = {Role::clean,    Role::adversarial, Role::gaussian, Role::gaussian,
                                           Role::gaussian, Role::harmless,    Role::harmless, Role::other};
  return kRoles;
}

// A row each: x, x + noise of several sizes, another image entirely (the second harmless one), x again.
Tensor images() {
  const RandomStream stream(3, "responses");
  Tensor batch(Shape{8, 3, 12, 10});
  const std::vector<double> sizes = {0, 0.1, 0.02, 0.02, 0.02, 0.005, 3, 0};
  const std::int64_t pixels = batch.elements() / 8;
  for (std::int64_t i = 0; i < batch.elements(); ++i) {
    const double clean = stream.uniform(static_cast<std::uint64_t>(i % pixels));
    const double noise =
        sizes[static_cast<std::size_t>(i / pixels)] * stream.normal(static_cast<std::uint64_t>(i));
    batch[i] = static_cast<float>(std::clamp(clean + noise, 0.0, 1.0));
  }
  return batch;
}

struct Compared {
  net::Graph graph;
  net::NetworkMap map;
  std::unique_ptr<engine::Plan> plan;
  ResponseComparison result;

  explicit Compared(net::Graph network, const CompareOptions& options = {})
      : graph(std::move(network)), map(net::map_network(graph)) {
    plan = engine::make_engine("reference")->compile(graph, {.observed = observed_nodes(graph, map)});
    result = compare_responses(*plan, images(), roles(), map, options);
  }
};

double margin_change(const ResponseComparison& result, std::size_t row) {
  return result.margins[row] - result.margins[0];
}

class Responses : public ::testing::TestWithParam<const char*> {
 protected:
  static net::Graph network() { return GetParam() == std::string("chain") ? chain() : branched(); }
  static const Compared& shared() {
    static const Compared kChain(chain());
    static const Compared kBranched(branched());
    return GetParam() == std::string("chain") ? kChain : kBranched;
  }
  const Compared& compared = shared();
  const ResponseComparison& result = compared.result;
};

INSTANTIATE_TEST_SUITE_P(, Responses, ::testing::Values("chain", "branched"),
                         [](const auto& case_) { return std::string(case_.param); });

TEST_P(Responses, ContributionsAndTheImagesPullSumToTheMarginsChange) {
  for (std::size_t row = 0; row < roles().size(); ++row) {
    double sum = result.points[0].pull[row];
    double scale = std::abs(sum);
    for (const auto& contribution : result.contributions) {
      sum += contribution[row];
      scale += std::abs(contribution[row]);
    }
    EXPECT_NEAR(sum, margin_change(result, row), 1e-9 * scale) << row;
    EXPECT_NEAR(result.points.back().pull[row], margin_change(result, row), 1e-9 * scale) << row;
  }
  EXPECT_GT(std::abs(margin_change(result, 1)), 1e-3);
}

// With every non-linearity frozen to the clean run only the image's pull is left.
TEST_P(Responses, FrozenNetworkFollowsTheImagesPull) {
  const net::Graph graph = network();
  const auto plan = test::compile_all(graph, "reference");
  const auto pass = plan->forward(images());
  std::vector<engine::Intervention> frozen;
  for (const NodeId id : test::variable_nodes(graph)) {
    if (net::response_of(graph, id) == net::Response::affine) continue;
    for (int row = 0; row < pass->rows(); ++row) {
      frozen.push_back(
          {.row = row, .node = id, .kind = engine::InterventionKind::freeze, .source = pass.get()});
    }
  }
  const auto linear = plan->forward(images(), frozen);
  for (std::int64_t row = 0; row < linear->rows(); ++row) {
    const auto z = linear->logits().row(row);
    const double margin = z[result.classes.clean_class] - z[result.classes.other_class];
    const double pull = result.points[0].pull[static_cast<std::size_t>(row)];
    EXPECT_NEAR(margin, result.margins[0] + pull, 1e-9 * (std::abs(pull) + std::abs(result.margins[0])));
  }
}

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

TEST_P(Responses, StepsCountFromThePredecessors) {
  for (std::size_t row = 1; row < 6; ++row) {
    EXPECT_FALSE(result.points[0].step[row]);
    for (std::size_t i = 1; i < result.points.size(); ++i) {
      double before = -1e300;
      for (const int p : compared.map.points[i].predecessors) {
        before = std::max(before, result.points[static_cast<std::size_t>(p)].log_excess[row].value());
      }
      EXPECT_DOUBLE_EQ(result.points[i].step[row].value(), result.points[i].log_excess[row].value() - before);
    }
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

// The last point is the logits: reach there is the plain distance to the nearest boundary.
TEST_P(Responses, ReachAtTheLogitsIsTheDistanceToTheNearestBoundary) {
  const auto z = result.logits.row(0);
  double runner_up = -1e300;
  for (int j = 0; j < 7; ++j) {
    if (j != result.classes.clean_class) runner_up = std::max(runner_up, z[j]);
  }
  EXPECT_DOUBLE_EQ(result.points.back().reach.value(),
                   (z[result.classes.clean_class] - runner_up) / std::sqrt(2.0));
}

// A batch whose second harmless row is a plain (and glaring) colour that the network calls something else.
Tensor with_flipped_harmless_row(engine::Plan& plan, int clean_class) {
  Tensor batch = images();
  Tensor colour(Shape{1, 3, 12, 10});
  for (int code = 0; code < 27; ++code) {
    for (std::int64_t i = 0; i < 360; ++i) {
      const int divisor = i < 120 ? 1 : (i < 240 ? 3 : 9);
      colour[i] = 5 * static_cast<float>(code / divisor % 3 - 1);
    }
    if (heatmap::predicted_class(plan.forward(colour)->logits().row(0)) == clean_class) continue;
    std::ranges::copy(colour.values(), batch.row(6).data());
    return batch;
  }
  ADD_FAILURE() << "every colour is of the clean image's class";
  return batch;
}

TEST(ResponsesOfABranchedGraph, HarmlessStepsAreThoseThatKeptTheClass) {
  const Compared compared(branched());
  const ResponseComparison& result = compared.result;
  const Tensor batch = with_flipped_harmless_row(*compared.plan, result.classes.clean_class);
  const ResponseComparison flipped = compare_responses(*compared.plan, batch, roles(), compared.map);
  EXPECT_EQ(flipped.predictions[5], flipped.classes.clean_class);
  EXPECT_NE(flipped.predictions[6], flipped.classes.clean_class);
  EXPECT_FALSE(flipped.points[0].harmless_steps);
  for (std::size_t i = 1; i < flipped.points.size(); ++i) {
    const Range range = flipped.points[i].harmless_steps.value();
    EXPECT_EQ(range.least, flipped.points[i].step[5]);
    EXPECT_EQ(range.largest, flipped.points[i].step[5]);
    ASSERT_TRUE(flipped.points[i].step[6]);
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

// In a chain every point but the first ends a segment of its own.
TEST(ResponsesOfAChain, StepsTelescopeAndContributionsBelongToPoints) {
  const Compared compared(chain());
  const auto& points = compared.result.points;
  ASSERT_EQ(points.size(), 8U);  // image, a, b, pool1, c, pool2, fc1, logits
  EXPECT_EQ(observed_nodes(compared.graph, compared.map).size(), 8U);
  EXPECT_EQ(compared.result.segments.size(), 7U);
  EXPECT_FALSE(points[0].segment);
  double total = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    total += points[i].step[1].value();
    ASSERT_EQ(points[i].segment, i - 1);
    EXPECT_EQ(compared.result.contributions[i - 1][1], points[i].pull[1] - points[i - 1].pull[1]);
  }
  EXPECT_NEAR(total, points.back().log_excess[1].value() - points.front().log_excess[1].value(), 1e-12);
  // The logits follow the last dense layer linearly.
  EXPECT_NEAR(compared.result.contributions.back()[1], 0, 1e-9 * std::abs(points.back().pull[1]));
}

// m with the points up to l free and the rest frozen to the clean run is m(x) + pull_l.
TEST(ResponsesOfAChain, FreezingWhatFollowsAPointGivesItsPull) {
  const Compared compared(chain());
  const ResponseComparison& result = compared.result;
  const auto plan = test::compile_all(compared.graph, "reference");
  const auto pass = plan->forward(images());
  for (std::size_t i = 0; i < result.points.size(); ++i) {
    std::vector<engine::Intervention> frozen;
    for (NodeId id = compared.map.points[i].node + 1; id < compared.graph.size(); ++id) {
      if (!compared.graph.is_variable(id) || net::response_of(compared.graph, id) == net::Response::affine)
        continue;
      frozen.push_back(
          {.row = 1, .node = id, .kind = engine::InterventionKind::freeze, .source = pass.get()});
    }
    const auto part_linear = plan->forward(images(), frozen);
    const auto z = part_linear->logits().row(1);
    const double margin = z[result.classes.clean_class] - z[result.classes.other_class];
    EXPECT_NEAR(margin, result.margins[0] + result.points[i].pull[1], 1e-9 * (1 + std::abs(margin))) << i;
  }
}

// Only non-linearities contribute: where all of a segment is affine, nothing.
TEST(ResponsesOfABranchedGraph, AffineSegmentsContributeNothing) {
  const Compared compared(branched());
  const ResponseComparison& result = compared.result;
  const auto segment_to = [&](const char* name) {
    const NodeId id = *compared.graph.find(name);
    const auto found = std::ranges::find_if(
        result.segments, [&](const Segment& segment) { return std::ranges::count(segment.to, id) > 0; });
    return static_cast<std::size_t>(found - result.segments.begin());
  };
  const double change = std::abs(margin_change(result, 1));
  // `last` is a convolution without activation that follows `inner`; `fc` follows the gated values.
  for (const char* affine : {"last", "fc"}) {
    EXPECT_NEAR(result.contributions[segment_to(affine)][1], 0, 1e-9 * change) << affine;
  }
  for (const char* bent : {"squeeze.relu", "left.relu", "inner.relu", "residual", "pool", "gated"}) {
    EXPECT_GT(std::abs(result.contributions[segment_to(bent)][1]), 1e-6 * change) << bent;
  }
  EXPECT_EQ(segment_to("left.relu"), segment_to("right.relu"));
  EXPECT_EQ(segment_to("inner.relu"), segment_to("residual"));
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
