#include <gtest/gtest.h>

#include <algorithm>

#include "compare/catalogue.h"
#include "compare/concentration.h"
#include "compare/deviation.h"
#include "engine/engine.h"
#include "oracles/stored.h"

namespace faultline::oracles {
namespace {

using compare::Measured;

// Figures are stored with twelve digits: those from 1 up to 10 are off by up to 5e-12. The earth mover's
// distance rounds masses to 2^-40.
constexpr double kTolerance = 1e-11;

void expect_near(const Measured& found, const std::optional<double>& expected, double tolerance,
                 const std::string& what) {
  ASSERT_EQ(found.has_value(), expected.has_value()) << what;
  if (expected) {
    EXPECT_NEAR(*found, *expected, tolerance) << what;
  }
}

// The stored names of compare::map_distances(), in its order.
const std::vector<std::string>& stored_names() {
  static const std::vector<std::string> kNames = {
      "distraction", "cosine",   "overlap", "centre_shift",   "mse",
      "pearson",     "spearman", "ssim",    "jensen_shannon", "earth_mover"};
  return kNames;
}

TEST(StoredComparisons, DistancesOfMaps) {
  const CompareCases stored = compare_cases(stored_names());
  ASSERT_EQ(stored.maps.size(), 57U);
  ASSERT_EQ(compare::map_distances().size(), stored_names().size());
  for (const StoredComparison& of : stored.maps) {
    const compare::RankedMap clean(of.maps.row(0));
    const compare::RankedMap other(of.maps.row(1));
    for (std::size_t i = 0; i < stored_names().size(); ++i) {
      expect_near(compare::map_distances()[i].distance(clean, other), of.distances[i], kTolerance,
                  of.name + ' ' + stored_names()[i]);
    }
  }
}

void expect_concentration(DoubleTensorView map, const StoredConcentration& expected,
                          const std::string& what) {
  const compare::RankedMap ranked(map);
  const compare::Concentration found = compare::concentration(ranked);
  expect_near(found.entropy, expected.entropy, kTolerance, what + " entropy");
  expect_near(found.gini, expected.gini, kTolerance, what + " gini");
  EXPECT_EQ(compare::half_mass_cells(ranked), static_cast<std::size_t>(expected.half_mass_cells)) << what;
  EXPECT_EQ(found.half_mass.has_value(), expected.half_mass_cells > 0) << what;
  if (found.half_mass) {
    EXPECT_DOUBLE_EQ(*found.half_mass * static_cast<double>(map.elements()), expected.half_mass_cells)
        << what;
  }
}

TEST(StoredComparisons, ConcentrationOfMaps) {
  for (const StoredComparison& of : compare_cases(stored_names()).maps) {
    expect_concentration(of.maps.row(0), of.clean, of.name + " clean");
    expect_concentration(of.maps.row(1), of.other, of.name + " other");
  }
}

// Both activations as the rows of one pass, and the deviation of the second from the first.
Measured deviation_of(TensorView activations, const std::string& engine) {
  net::Graph graph;
  const Shape sample = activations.shape().without_leading();
  const auto input = graph.add("input", net::Input{sample}, {});
  const auto layer = graph.add("layer", net::LeakyRelu{.alpha = 1}, {input});
  const auto flat = graph.add("flat", net::Flatten{}, {layer});
  const auto slopes = graph.add_constant("slopes", Tensor(Shape{sample.elements(), 1}));
  graph.set_output(graph.add("logit", net::MatMul{}, {flat, slopes}));
  const auto plan = engine::make_engine(engine, {.precision = engine::Precision::f32})
                        ->compile(graph, {.observed = {layer}});
  const auto pass = plan->forward(activations);
  const engine::Observation& at = pass->observe(layer);
  return compare::deviation(at.distances(at, 0)[1], at.norms()[0]);
}

TEST(StoredComparisons, DeviationsOfActivations) {
  const auto deviations = compare_cases({}).deviations;
  ASSERT_EQ(deviations.size(), 6U);
  for (std::size_t i = 0; i < deviations.size(); ++i) {
    for (const std::string& engine : engine::engine_names()) {
      const double scale = std::max(1.0, deviations[i].deviation.value_or(0));
      expect_near(deviation_of(deviations[i].activations, engine), deviations[i].deviation,
                  scale * kTolerance, "deviation " + std::to_string(i) + " on " + engine);
    }
  }
}

}  // namespace
}  // namespace faultline::oracles
