// Every measure of a comparison, computed by the onednn engine in float, against the reference in double.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "compare/responses.h"
#include "response_networks.h"

namespace faultline::compare {
namespace {

constexpr double kUnit = double{std::numeric_limits<float>::epsilon()};

// What a value (an activation, a logit) or a gradient may be off, relative to its length. The networks' sums
// have up to 54 products; their round-off, half a unit each and independent, adds up to sqrt(54) / 2 = 4
// units. A path passes four such sums, which makes sqrt(4) = 2 times that; and as much again, since that is
// the size of the error and not its bound.
constexpr double kRoundOff = 4 * 2 * 2 * kUnit;
// What a heatmap may be off, relative to the sum of its cells: products of both, summed over channels of
// opposite signs, and Grad-CAM++'s quotients of such sums.
constexpr double kMapRoundOff = 4 * kRoundOff;

class ResponseEngines : public ResponsesOfEither {
 protected:
  static CompareOptions everything() {
    CompareOptions options;
    options.distances.assign(map_distances().begin(), map_distances().end());
    return options;
  }
  // |dm/dA| of a point: its pulls are -|dm/dA| |A' - A| alignment.
  static double gradient_norm(const PointResponse& point) {
    return std::abs(point.pull[1] / (point.alignment[1].value() * point.distance[1]));
  }
  // A' - A is off by what A' and A are.
  static double distance_tolerance(const PointResponse& point, std::size_t row) {
    return kRoundOff * (2 * point.clean_norm + point.distance[row]);
  }
  static double pull_tolerance(const PointResponse& point, std::size_t row) {
    return gradient_norm(point) * (distance_tolerance(point, row) + kRoundOff * point.distance[row]);
  }
  // d ln |A' - A| = d|A' - A| / |A' - A|, of the row and of the Gaussian rows.
  static double excess_tolerance(const PointResponse& point, std::size_t row) {
    const auto relative = [&](std::size_t r) { return distance_tolerance(point, r) / point.distance[r]; };
    return relative(row) + std::max({relative(2), relative(3), relative(4)});
  }
  double step_tolerance(std::size_t i, std::size_t row) const {
    double tolerance = excess_tolerance(expected.points[i], row);
    double before = 0;
    for (const int p : compared.map.points[i].predecessors)
      before = std::max(before, excess_tolerance(expected.points[static_cast<std::size_t>(p)], row));
    return tolerance + before;
  }

  const CompareOptions options = everything();
  const Compared reference{network(), options};
  const Compared onednn{network(), options, "onednn"};
  const ResponseComparison& expected = reference.result;
  const ResponseComparison& actual = onednn.result;
  const std::size_t points = expected.points.size();
};

// Rows whose perturbation is not zero.
constexpr std::size_t kChanged[] = {1, 2, 3, 4, 5, 6};

INSTANTIATE_TEST_SUITE_P(, ResponseEngines, ::testing::Values("chain", "branched"), name_of_case);

void expect_near(const Measured& actual, const Measured& expected, double tolerance) {
  ASSERT_EQ(actual.has_value(), expected.has_value());
  if (expected) {
    EXPECT_NEAR(*actual, *expected, tolerance);
  }
}

double length(DoubleTensorView values) {
  double squares = 0;
  for (const double value : values.values()) squares += value * value;
  return std::sqrt(squares);
}

TEST_P(ResponseEngines, AgreeOnLogitsClassesAndMargins) {
  EXPECT_EQ(actual.classes.clean_class, expected.classes.clean_class);
  EXPECT_EQ(actual.classes.other_class, expected.classes.other_class);
  EXPECT_EQ(actual.predictions, expected.predictions);
  for (std::size_t row = 0; row < roles().size(); ++row) {
    const auto z = expected.logits.row(static_cast<std::int64_t>(row));
    const double tolerance = kRoundOff * length(z);
    for (std::int64_t k = 0; k < z.elements(); ++k)
      EXPECT_NEAR(actual.logits.row(static_cast<std::int64_t>(row))[k], z[k], tolerance);
    EXPECT_NEAR(actual.margins[row], expected.margins[row], 2 * tolerance);
  }
}

TEST_P(ResponseEngines, AgreeOnDeviations) {
  for (std::size_t i = 0; i < points; ++i) {
    SCOPED_TRACE(compared.map.points[i].name);
    const PointResponse& a = actual.points[i];
    const PointResponse& e = expected.points[i];
    EXPECT_NEAR(a.clean_norm, e.clean_norm, kRoundOff * e.clean_norm);
    for (const std::size_t row : kChanged) {
      EXPECT_NEAR(a.distance[row], e.distance[row], distance_tolerance(e, row));
      expect_near(a.deviation[row], e.deviation[row],
                  distance_tolerance(e, row) / e.clean_norm + kRoundOff * e.deviation[row].value());
      expect_near(a.log_excess[row], e.log_excess[row], excess_tolerance(e, row));
    }
  }
}

TEST_P(ResponseEngines, AgreeOnSteps) {
  for (std::size_t i = 0; i < points; ++i) {
    SCOPED_TRACE(compared.map.points[i].name);
    const PointResponse& a = actual.points[i];
    const PointResponse& e = expected.points[i];
    for (const std::size_t row : kChanged) expect_near(a.step[row], e.step[row], step_tolerance(i, row));
    ASSERT_EQ(a.harmless_steps.has_value(), e.harmless_steps.has_value());
    if (!e.harmless_steps) continue;
    const double tolerance = std::max(step_tolerance(i, 5), step_tolerance(i, 6));
    EXPECT_NEAR(a.harmless_steps->least, e.harmless_steps->least, tolerance);
    EXPECT_NEAR(a.harmless_steps->largest, e.harmless_steps->largest, tolerance);
  }
}

TEST_P(ResponseEngines, AgreeOnPullsAndContributions) {
  std::vector<double> largest(roles().size(), 0);
  for (std::size_t i = 0; i < points; ++i) {
    SCOPED_TRACE(compared.map.points[i].name);
    const PointResponse& a = actual.points[i];
    const PointResponse& e = expected.points[i];
    for (const std::size_t row : kChanged) {
      const double tolerance = pull_tolerance(e, row);
      EXPECT_NEAR(a.pull[row], e.pull[row], tolerance);
      expect_near(a.alignment[row], e.alignment[row], 2 * tolerance / (gradient_norm(e) * e.distance[row]));
      largest[row] = std::max(largest[row], tolerance);
    }
  }
  ASSERT_EQ(actual.contributions.size(), expected.contributions.size());
  for (std::size_t s = 0; s < expected.contributions.size(); ++s) {
    // A difference of two (sums of) pulls.
    for (const std::size_t row : kChanged)
      EXPECT_NEAR(actual.contributions[s][row], expected.contributions[s][row], 2 * largest[row]) << s;
  }
}

TEST_P(ResponseEngines, AgreeOnReach) {
  const auto z = expected.logits.row(0);
  const double top = z[expected.classes.clean_class];
  double gap = std::numeric_limits<double>::infinity();
  for (int k = 0; k < z.elements(); ++k) {
    if (k != expected.classes.clean_class) gap = std::min(gap, top - z[k]);
  }
  // A quotient of a difference of two logits and a gradient's length.
  const double relative = 2 * kRoundOff * length(z) / gap + kRoundOff;
  for (std::size_t i = 0; i < points; ++i) {
    SCOPED_TRACE(compared.map.points[i].name);
    const PointResponse& e = expected.points[i];
    expect_near(actual.points[i].reach, e.reach, relative * e.reach.value());
    expect_near(actual.points[i].relative_reach, e.relative_reach,
                (relative + kRoundOff) * e.relative_reach.value());
  }
}

void expect_near_maps(const HeatmapResponse& actual, const HeatmapResponse& expected) {
  for (std::int64_t row = 0; row < expected.maps.shape()[0]; ++row) {
    const auto e = expected.maps.row(row);
    double sum = 0;
    double difference = 0;
    for (std::int64_t i = 0; i < e.elements(); ++i) {
      sum += e[i];
      difference += std::abs(actual.maps.row(row)[i] - e[i]);
    }
    EXPECT_LE(difference, kMapRoundOff * sum);
  }
}

// Concentrations and distances are between -1 and 2, and cells hold no more of them than of the map. Those
// that rank cells are the same unless two cells that differ in the reference have changed places.
void expect_near_measures(const HeatmapMeasures& actual, const HeatmapMeasures& expected) {
  EXPECT_EQ(actual.blank, expected.blank);
  expect_near(actual.concentration.entropy, expected.concentration.entropy, kMapRoundOff);
  expect_near(actual.concentration.gini, expected.concentration.gini, kMapRoundOff);
  expect_near(actual.concentration.half_mass, expected.concentration.half_mass, kMapRoundOff);
  for (std::size_t i = 0; i < map_distances().size(); ++i) {
    SCOPED_TRACE(map_distances()[i].name);
    expect_near(actual.distances.at(i), expected.distances.at(i), kMapRoundOff);
  }
}

TEST_P(ResponseEngines, AgreeOnHeatmaps) {
  ASSERT_EQ(actual.heatmaps.size(), expected.heatmaps.size());
  for (std::size_t layer = 0; layer < expected.heatmaps.size(); ++layer) {
    for (std::size_t m = 0; m < options.methods.size(); ++m) {
      SCOPED_TRACE(compared.map.layers[layer].name + " " + std::string(options.methods[m].name));
      const HeatmapResponse& a = actual.heatmaps[layer][m];
      const HeatmapResponse& e = expected.heatmaps[layer][m];
      expect_near_maps(a, e);
      for (std::size_t row = 0; row < e.rows.size(); ++row) expect_near_measures(a.rows[row], e.rows[row]);
    }
  }
}

}  // namespace
}  // namespace faultline::compare
