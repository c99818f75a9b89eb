#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "compare/catalogue.h"
#include "expect_error.h"
#include "expect_parameters.h"
#include "maps.h"

namespace faultline::compare {
namespace {

using test::map_of;

double measure(const char* name, const RankedMap& clean, const RankedMap& other) {
  return map_distance(name).distance(clean, other).value();
}

// p = (4, 2, 1, 1) / 8 and q = (1, 1, 2, 4) / 8 on a 2x2 map.
class MapDistancesByHand : public ::testing::Test {
 protected:
  const RankedMap clean = map_of(2, 2, {4, 2, 1, 1});
  const RankedMap other = map_of(2, 2, {1, 1, 2, 4});
};

TEST_F(MapDistancesByHand, Distraction) {
  // The half-mass region is the first cell: share 1/2 before, 1/8 after.
  EXPECT_DOUBLE_EQ(measure("distraction", clean, other), 0.75);
}

TEST_F(MapDistancesByHand, Cosine) {
  EXPECT_DOUBLE_EQ(measure("cosine", clean, other), 1 - 12.0 / 22);
}

TEST_F(MapDistancesByHand, CentreShift) {
  // (1/4, 3/8) to (3/4, 5/8); the diagonal is sqrt(8).
  EXPECT_DOUBLE_EQ(measure("centre-shift", clean, other), std::hypot(0.5, 0.25) / std::sqrt(8.0));
}

TEST_F(MapDistancesByHand, MeanSquaredError) {
  EXPECT_DOUBLE_EQ(measure("mse", clean, other), 0.3125);
}

TEST_F(MapDistancesByHand, Correlations) {
  EXPECT_DOUBLE_EQ(measure("pearson", clean, other), 1 + 4.0 / 6);
  // Ranks 4, 3, 1.5, 1.5 and 1.5, 1.5, 3, 4.
  EXPECT_DOUBLE_EQ(measure("spearman", clean, other), 1 + 4.0 / 4.5);
}

TEST_F(MapDistancesByHand, StructuralSimilarity) {
  // The window is one cell: only the luminance term is left, with pairs (1, 1/4) and (1/2, 1/4), twice each.
  const auto term = [](double a, double b) { return (2 * a * b + 1e-4) / (a * a + b * b + 1e-4); };
  EXPECT_DOUBLE_EQ(measure("ssim", clean, other), 1 - (term(1, 0.25) + term(0.5, 0.25)) / 2);
}

TEST_F(MapDistancesByHand, JensenShannon) {
  const double pairs = 0.5 * std::log2(0.5 / 0.3125) + 0.125 * std::log2(0.125 / 0.3125) +
                       0.25 * std::log2(0.25 / 0.1875) + 0.125 * std::log2(0.125 / 0.1875);
  EXPECT_DOUBLE_EQ(measure("jensen-shannon", clean, other), pairs);
}

TEST_F(MapDistancesByHand, EarthMover) {
  // 1/8 from the first cell down, 1/4 across to the last, 1/8 from the second down.
  EXPECT_NEAR(measure("earth-mover", clean, other), (0.25 + 0.25 * std::numbers::sqrt2) / std::sqrt(8.0),
              1e-12);
}

TEST_F(MapDistancesByHand, Overlap) {
  EXPECT_DOUBLE_EQ(measure("iou", clean, other), 1);
  // Ten cells: the two largest. Ties go to the first cells.
  const RankedMap two = map_of(2, 5, {0, 5, 0, 0, 0, 0, 7, 0, 1, 1});
  EXPECT_DOUBLE_EQ(measure("iou", two, map_of(2, 5, {3, 3, 3, 3, 3, 3, 3, 3, 3, 3})), 1 - 1.0 / 3);
  // Fewer positive cells than two: only those count.
  EXPECT_DOUBLE_EQ(measure("iou", two, map_of(2, 5, {0, 0, 0, 0, 0, 0, 2, 0, 0, 0})), 0.5);
  // Eleven cells: ceil(11 / 5) = 3.
  EXPECT_DOUBLE_EQ(measure("iou", map_of(1, 11, {9, 8, 7, 6, 5, 4, 3, 2, 1, 1, 1}),
                           map_of(1, 11, {0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0})),
                   1 - 1.0 / 5);
}

TEST(MapDistances, DistractionIsNegativeWhereAttentionGathers) {
  EXPECT_DOUBLE_EQ(measure("distraction", map_of(1, 4, {2, 1, 1, 0}), map_of(1, 4, {1, 0, 0, 0})), -1);
  EXPECT_DOUBLE_EQ(measure("distraction", map_of(1, 4, {1, 0, 0, 0}), map_of(1, 4, {0, 1, 0, 0})), 1);
}

// The definition with a two-dimensional window, plainly.
double plain_structural_distance(const RankedMap& a, const RankedMap& b, std::int64_t window) {
  double sum = 0;
  double count = 0;
  for (std::int64_t y = 0; y + window <= a.height(); ++y) {
    for (std::int64_t x = 0; x + window <= a.width(); ++x) {
      double w = 0, ma = 0, mb = 0, aa = 0, bb = 0, ab = 0;
      for (std::int64_t i = 0; i < window * window; ++i) {
        const std::int64_t down = i / window;
        const std::int64_t middle = window / 2;
        const auto dy = static_cast<double>(down - middle);
        const auto dx = static_cast<double>(i % window - middle);
        const double weight = std::exp(-(dy * dy + dx * dx) / (2 * 1.5 * 1.5));
        const auto cell = static_cast<std::size_t>((y + down) * a.width() + x + i % window);
        w += weight, ma += weight * a.values()[cell], mb += weight * b.values()[cell];
        aa += weight * a.values()[cell] * a.values()[cell],
            bb += weight * b.values()[cell] * b.values()[cell];
        ab += weight * a.values()[cell] * b.values()[cell];
      }
      ma /= w, mb /= w;
      const double va = aa / w - ma * ma, vb = bb / w - mb * mb, cov = ab / w - ma * mb;
      sum += (2 * ma * mb + 1e-4) * (2 * cov + 9e-4) / ((ma * ma + mb * mb + 1e-4) * (va + vb + 9e-4));
      count += 1;
    }
  }
  return 1 - sum / count;
}

TEST(MapDistances, StructuralSimilarityIsTheDefinition) {
  const auto window_of = [](const Shape& size) {
    const std::int64_t shorter = std::min(size[0], size[1]);
    return std::min<std::int64_t>(11, shorter % 2 == 1 ? shorter : shorter - 1);
  };
  for (const Shape& size : test::awkward_sizes()) {
    for (int seed = 0; seed < 20; ++seed) {
      const RankedMap a(test::awkward_map(size[0], size[1], seed));
      const RankedMap b(test::awkward_map(size[0], size[1], seed + 100));
      if (a.blank() || b.blank()) continue;
      EXPECT_NEAR(measure("ssim", a, b), plain_structural_distance(a, b, window_of(size)), 1e-11);
    }
  }
}

struct Bounds {
  const char* name;
  double least;
  double largest;
};

class EveryMapDistance : public ::testing::TestWithParam<Bounds> {};

TEST_P(EveryMapDistance, OfAwkwardMapsIsMissingOrInRange) {
  const MapDistance& metric = map_distance(GetParam().name);
  for (const Shape& size : test::awkward_sizes()) {
    for (int seed = 0; seed < 60; ++seed) {
      const RankedMap a(test::awkward_map(size[0], size[1], seed));
      const RankedMap b(test::awkward_map(size[0], size[1], seed * 7 + 1));
      const Measured distance = metric.distance(a, b);
      EXPECT_FALSE(distance && (a.blank() || b.blank()));
      EXPECT_TRUE(distance || a.constant() || b.constant());
      if (!distance) continue;
      EXPECT_TRUE(*distance >= GetParam().least && *distance <= GetParam().largest)
          << *distance << ' ' << size.to_string() << ' ' << seed;
    }
  }
}

TEST_P(EveryMapDistance, OfAMapFromItselfIsZeroAtAnyScale) {
  const MapDistance& metric = map_distance(GetParam().name);
  for (int seed = 0; seed < 20; ++seed) {
    DoubleTensor map = test::awkward_map(6, 9, seed);
    const RankedMap clean(map);
    if (clean.constant() || clean.values().size() < 2) continue;
    EXPECT_NEAR(metric.distance(clean, clean).value(), 0, 1e-15);
    for (double& value : map.values()) value *= 0.25;
    if (*std::ranges::max_element(map.values()) < 1e-300) continue;  // scaling such a map rounds it
    EXPECT_NEAR(metric.distance(clean, RankedMap(map)).value(), 0, 1e-15);
  }
}

TEST_P(EveryMapDistance, RefusesDifferentSizes) {
  EXPECT_THROW(map_distance(GetParam().name).distance(map_of(1, 2, {1, 2}), map_of(2, 1, {1, 2})),
               ContractError);
}

INSTANTIATE_TEST_SUITE_P(, EveryMapDistance,
                         ::testing::Values(Bounds{"distraction", -1, 1}, Bounds{"cosine", 0, 1},
                                           Bounds{"iou", 0, 1}, Bounds{"centre-shift", 0, 1},
                                           Bounds{"mse", 0, 1}, Bounds{"pearson", 0, 2},
                                           Bounds{"spearman", 0, 2}, Bounds{"ssim", 0, 2},
                                           Bounds{"jensen-shannon", 0, 1}, Bounds{"earth-mover", 0, 1}),
                         [](const auto& case_) {
                           std::string name = case_.param.name;
                           std::erase(name, '-');
                           return name;
                         });

TEST(MapDistances, CorrelationWithAConstantMapIsMissing) {
  const RankedMap constant = map_of(1, 3, {2, 2, 2});
  const RankedMap varied = map_of(1, 3, {1, 2, 3});
  for (const char* name : {"pearson", "spearman"}) {
    EXPECT_FALSE(map_distance(name).distance(constant, varied));
    EXPECT_FALSE(map_distance(name).distance(varied, constant));
  }
  EXPECT_TRUE(map_distance("cosine").distance(varied, constant));
}

MapDistance with(std::string_view name, std::string_view assignment) {
  return configured_distance(distance_settings(name).set_assignment(assignment));
}

TEST(MapDistances, TakeTheParametersOfTheirTables) {
  const RankedMap clean = RankedMap(DoubleTensor({2, 5}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0.5}));
  const RankedMap other = RankedMap(DoubleTensor({2, 5}, {9, 1, 2, 8, 3, 4, 5, 6, 7, 0.5}));
  EXPECT_DOUBLE_EQ(with("iou", "share=0.2").distance(clean, other).value(), 1 - 1.0 / 3);
  EXPECT_DOUBLE_EQ(with("iou", "share=0.11").distance(clean, other).value(), 1 - 1.0 / 3);
  EXPECT_DOUBLE_EQ(with("iou", "share=0.1").distance(clean, other).value(), 0);
  EXPECT_DOUBLE_EQ(with("iou", "share=1").distance(clean, other).value(), 0);
  // One cell holds all of the mass of either.
  EXPECT_DOUBLE_EQ(with("earth-mover", "cells=1").distance(clean, other).value(), 0);
  EXPECT_GT(with("earth-mover", "cells=2").distance(clean, other).value(), 0);
  // A window of one cell compares values only: (2 a b + C1) / (a^2 + b^2 + C1), as there is no variance.
  double sum = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    const double a = clean.values()[i];
    const double b = other.values()[i];
    sum += (2 * a * b + 1e-4) / (a * a + b * b + 1e-4);
  }
  EXPECT_NEAR(with("ssim", "window=1").distance(clean, other).value(), 1 - sum / 10, 1e-12);
  EXPECT_EQ(configured_distance(distance_settings("ssim")).distance(clean, other),
            map_distance("ssim").distance(clean, other));
}

TEST(MapDistances, SigmaWeighsTheWindow) {
  DoubleTensor a({16, 16});
  DoubleTensor b({16, 16});
  for (std::int64_t i = 0; i < a.elements(); ++i) {
    a[i] = static_cast<double>(i * 7 % 31);
    b[i] = static_cast<double>(i * 5 % 29);
  }
  const RankedMap clean(a);
  const RankedMap other(b);
  // So narrow that only the window's centre counts.
  double sum = 0;
  for (std::int64_t y = 5; y < 11; ++y) {
    for (std::int64_t x = 5; x < 11; ++x) {
      const double p = clean.values()[static_cast<std::size_t>(y * 16 + x)];
      const double q = other.values()[static_cast<std::size_t>(y * 16 + x)];
      sum += (2 * p * q + 1e-4) / (p * p + q * q + 1e-4);
    }
  }
  EXPECT_NEAR(with("ssim", "sigma=0.05").distance(clean, other).value(), 1 - sum / 36, 1e-9);
}

TEST(MapDistances, HaveSoundTablesAndSources) {
  for (const MapDistance& each : map_distances()) {
    SCOPED_TRACE(each.name);
    EXPECT_FALSE(each.source.empty());
    ::faultline::test::expect_sound_parameters("metric", each.name, each.parameters);
  }
  ::faultline::test::expect_error([] { with("ssim", "window=4"); }, ErrorKind::usage,
                                  "metric ssim: window: got '4', expected an odd number");
}

TEST(MapDistances, TableListsDefaultsAndRefusesUnknownNames) {
  std::vector<std::string> defaults;
  for (const MapDistance& metric : default_map_distances()) defaults.emplace_back(metric.name);
  EXPECT_THAT(defaults, ::testing::ElementsAre("distraction", "cosine", "iou", "centre-shift"));
  EXPECT_EQ(map_distances().size(), 10U);
  ::faultline::test::expect_error([] { map_distance("euclid"); }, ErrorKind::usage,
                                  "unknown map distance 'euclid'; expected one of: distraction, cosine, iou");
}

}  // namespace
}  // namespace faultline::compare
