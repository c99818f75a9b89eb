// Every reduction against plain loops over the same values, in the layouts that engines use.
#include <gtest/gtest.h>

#include "base/parallel.h"
#include "engine/close.h"
#include "engine/executor/rows_observation.h"
#include "engine/networks.h"

namespace faultline {
namespace {

using engine::BoundRows;
using engine::Layout;
using engine::RowsObservation;
using engine::Term;

constexpr std::array kTerms = {Term::activation,
                               Term::gradient,
                               Term::positive_gradient,
                               Term::gradient_activation,
                               Term::positive_gradient_activation,
                               Term::damped_positive_gradient,
                               Term::damping};

// Rows in some layout, and the same as plain doubles.
template <class S>
struct Rows {
  std::vector<DoubleTensor> plain;
  std::vector<std::vector<S>> stored;
  std::vector<const S*> pointers;

  Rows(const Layout& layout, const Shape& sample, int count, const std::string& name) {
    for (int r = 0; r < count; ++r) {
      plain.push_back(test::to_double(test::random_tensor(sample, name + std::to_string(r))));
      stored.emplace_back(static_cast<std::size_t>(layout.row_elements()), S{});
      for (std::int64_t c = 0; c < layout.channels; ++c) {
        for (std::int64_t p = 0; p < layout.positions; ++p)
          stored.back()[static_cast<std::size_t>(layout.offset(c, p))] =
              static_cast<S>(plain.back()[c * layout.positions + p]);
      }
    }
    for (const auto& row : stored) pointers.push_back(row.data());
  }
};

template <class S>
struct Fixture {
  Shape sample;
  Layout layout;
  Rows<S> activations;
  Rows<S> gradients;
  std::vector<int> seed_rows;
  RowsObservation<S> observation;

  Fixture(const Shape& shape, std::int64_t block, engine::VectorSet vectors = engine::widest_vector_set(),
          std::vector<int> rows_of_seeds = {2, 0, 2, 1, 2})
      : sample(shape),
        layout{shape[0], shape.elements(1, shape.rank()), block},
        activations(layout, shape, 3, "activation"),
        gradients(layout, shape, static_cast<int>(rows_of_seeds.size()), "gradient"),
        seed_rows(std::move(rows_of_seeds)),
        observation(4, shape,
                    BoundRows<S>{layout, activations.pointers, gradients.pointers, seed_rows, vectors}) {}

  // The term's value at (c, p) of its r-th result, as observation.h defines it.
  double value(Term f, std::size_t r, std::int64_t c, std::int64_t p) const {
    const bool by_seed = f != Term::activation;
    const DoubleTensor& a = activations.plain[by_seed ? static_cast<std::size_t>(seed_rows[r]) : r];
    const std::int64_t i = c * layout.positions + p;
    if (!by_seed) return a[i];
    const double g = gradients.plain[r][i];
    const double positive = std::max(g, 0.0);
    if (f == Term::gradient) return g;
    if (f == Term::positive_gradient) return positive;
    if (f == Term::gradient_activation) return g * a[i];
    if (f == Term::positive_gradient_activation) return positive * a[i];
    double sum = 0;
    for (std::int64_t q = 0; q < layout.positions; ++q) sum += a[c * layout.positions + q];
    const double damping = 2 + g * sum;
    const double above = f == Term::damping ? (g == 0 ? 0.0 : 1.0) : positive;
    return std::abs(damping) < 1e-12 ? 0 : above / damping;
  }
};

template <class S>
void check_sums(const Fixture<S>& fixture) {
  const Layout& layout = fixture.layout;
  for (const Term f : kTerms) {
    const std::int64_t results = f == Term::activation ? 3 : 5;
    const DoubleTensor weights = test::to_double(test::random_tensor(Shape{results, layout.channels}, "w"));
    DoubleTensor channel_sum(Shape{results, layout.positions});
    DoubleTensor weighted(channel_sum.shape());
    DoubleTensor position_sum(Shape{results, layout.channels});
    for (std::int64_t r = 0; r < results; ++r) {
      for (std::int64_t c = 0; c < layout.channels; ++c) {
        for (std::int64_t p = 0; p < layout.positions; ++p) {
          const double value = fixture.value(f, static_cast<std::size_t>(r), c, p);
          channel_sum[r * layout.positions + p] += value;
          weighted[r * layout.positions + p] += weights[r * layout.channels + c] * value;
          position_sum[r * layout.channels + c] += value;
        }
      }
    }
    const bool is_map = fixture.sample.rank() == 3;
    const Shape map{results, is_map ? fixture.sample[1] : 1, is_map ? fixture.sample[2] : layout.positions};
    channel_sum.reshape(map);
    weighted.reshape(map);
    EXPECT_LE(test::relative_l2(fixture.observation.channel_sum(f), channel_sum), 1e-12);
    EXPECT_LE(test::relative_l2(fixture.observation.weighted_map(f, weights), weighted), 1e-12);
    EXPECT_LE(test::relative_l2(fixture.observation.position_sum(f), position_sum), 1e-12);
  }
}

double norm(DoubleTensorView a) {
  double sum = 0;
  for (const double value : a.values()) sum += value * value;
  return std::sqrt(sum);
}

DoubleTensor difference(const DoubleTensor& a, const DoubleTensor& b) {
  DoubleTensor result(a.shape());
  for (std::int64_t i = 0; i < a.elements(); ++i) result[i] = a[i] - b[i];
  return result;
}

template <class S>
void check_norms_and_reads(const Fixture<S>& fixture) {
  const auto& a = fixture.activations.plain;
  const auto& g = fixture.gradients.plain;
  const auto norms = fixture.observation.norms();
  const auto distances = fixture.observation.distances(fixture.observation, 1);
  const auto dots = fixture.observation.gradient_dots(3, fixture.observation, 1);
  ASSERT_EQ(norms.size(), 3u);
  for (std::size_t r = 0; r < 3; ++r) {
    const DoubleTensor step = difference(a[r], a[1]);
    double dot = 0;
    for (std::int64_t i = 0; i < step.elements(); ++i) dot += g[3][i] * step[i];
    EXPECT_NEAR(norms[r], norm(a[r]), 1e-12 * norm(a[r]));
    EXPECT_NEAR(distances[r], norm(step), 1e-12 * norm(step));
    EXPECT_NEAR(dots[r], dot, 1e-12 * norm(g[3]) * norm(step));
    EXPECT_TRUE(test::same(fixture.observation.read(static_cast<int>(r)), a[r]));
  }
  const auto gradient_norms = fixture.observation.gradient_norms();
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(gradient_norms[i], norm(g[i]), 1e-12 * norm(g[i]));
    EXPECT_TRUE(test::same(fixture.observation.read_gradient(static_cast<int>(i)), g[i]));
  }
}

// Channels that fill no block, more positions than a chunk, elements beyond a chunk of norms, a vector.
const std::vector<Shape> kSamples = {Shape{19, 5, 7}, Shape{3, 37, 41}, Shape{40, 31, 33}, Shape{21},
                                     Shape{6, 11}};

TEST(Observation, ReducesAsPlainLoopsDo) {
  for (const engine::VectorSet vectors : engine::vector_sets()) {
    for (const Shape& sample : kSamples) {
      for (const std::int64_t block : {1, 8, 16}) {
        SCOPED_TRACE(sample.to_string() + " in blocks of " + std::to_string(block) + ", vectors " +
                     std::to_string(static_cast<int>(vectors)));
        check_sums(Fixture<float>(sample, block, vectors));
        check_sums(Fixture<double>(sample, block, vectors));
        check_norms_and_reads(Fixture<float>(sample, block, vectors));
        check_norms_and_reads(Fixture<double>(sample, block, vectors));
      }
    }
  }
}

// More maps than a sweep holds, terms with and without a gradient, seeds row by row and not.
TEST(Observation, ReductionsAskedForTogetherAreTheSameBits) {
  for (const std::vector<int>& seed_rows : {std::vector{0, 1, 2}, std::vector{2, 0, 2, 1, 2}}) {
    for (const std::int64_t block : {1, 16}) {
      const Fixture<float> fixture(Shape{40, 31, 33}, block, engine::widest_vector_set(), seed_rows);
      std::vector<engine::WeightedTerm> weighted;
      for (const Term f : kTerms) {
        const std::int64_t results = f == Term::activation ? 3 : std::ssize(seed_rows);
        weighted.push_back({.term = f});
        weighted.push_back(
            {.term = f, .weights = test::to_double(test::random_tensor(Shape{results, 40}, "w"))});
      }
      const auto maps = fixture.observation.weighted_maps(weighted);
      const auto sums = fixture.observation.position_sums(kTerms);
      for (std::size_t t = 0; t < kTerms.size(); ++t) {
        EXPECT_TRUE(test::same(maps[2 * t], fixture.observation.channel_sum(kTerms[t])));
        EXPECT_TRUE(test::same(maps[2 * t + 1],
                               fixture.observation.weighted_map(kTerms[t], weighted[2 * t + 1].weights)));
        EXPECT_TRUE(test::same(sums[t], fixture.observation.position_sum(kTerms[t])));
      }
    }
  }
}

TEST(Observation, DifferencesFromOneSweepAreTheSameBits) {
  const Fixture<float> fixture(Shape{40, 31, 33}, 16);
  const engine::Differences both = fixture.observation.differences(fixture.observation, 1, 3);
  EXPECT_EQ(both.distances, fixture.observation.distances(fixture.observation, 1));
  EXPECT_EQ(both.base_norm, fixture.observation.norms()[1]);
  EXPECT_EQ(both.distances[1], 0);
  EXPECT_EQ(both.dots[1], 0);
  EXPECT_TRUE(fixture.observation.differences(fixture.observation, 1, std::nullopt).dots.empty());
  EXPECT_THROW(fixture.observation.differences(fixture.observation, 3, std::nullopt), ContractError);
  EXPECT_THROW(fixture.observation.differences(fixture.observation, 1, 5), ContractError);
}

TEST(Observation, ReductionsDoNotDependOnThreads) {
  const Fixture<float> fixture(Shape{40, 31, 33}, 8);
  set_compute_threads(1);
  const DoubleTensor map = fixture.observation.channel_sum(Term::damped_positive_gradient);
  const DoubleTensor sums = fixture.observation.position_sum(Term::gradient_activation);
  const auto distances = fixture.observation.distances(fixture.observation, 1);
  for (const int threads : {2, 3, 4}) {
    set_compute_threads(threads);
    EXPECT_TRUE(test::same(fixture.observation.channel_sum(Term::damped_positive_gradient), map));
    EXPECT_TRUE(test::same(fixture.observation.position_sum(Term::gradient_activation), sums));
    EXPECT_EQ(fixture.observation.distances(fixture.observation, 1), distances);
  }
  set_compute_threads(0);
}

TEST(Observation, ADampingOfZeroGivesZero) {
  const std::vector<double> activation = {1, 1};
  const std::vector<double> gradient = {-1, 3};  // 2 - 1 (1 + 1) = 0; 3 / (2 + 3 (1 + 1))
  const std::vector<const double*> activations = {activation.data()};
  const std::vector<const double*> gradients = {gradient.data()};
  const std::vector<int> rows = {0};
  const RowsObservation<double> observation(0, Shape{1, 1, 2},
                                            BoundRows<double>{Layout{1, 2, 1}, activations, gradients, rows});
  const DoubleTensor map = observation.channel_sum(Term::damped_positive_gradient);
  EXPECT_EQ(map[0], 0);
  EXPECT_DOUBLE_EQ(map[1], 3.0 / 8);
  const DoubleTensor dampings = observation.channel_sum(Term::damping);
  EXPECT_EQ(dampings[0], 0);
  EXPECT_DOUBLE_EQ(dampings[1], 1.0 / 8);
}

TEST(Observation, NoGradientHasNoDamping) {
  const std::vector<double> activation = {1, 1};
  const std::vector<double> gradient = {0, 3};
  const std::vector<const double*> activations = {activation.data()};
  const std::vector<const double*> gradients = {gradient.data()};
  const std::vector<int> rows = {0};
  const RowsObservation<double> observation(0, Shape{1, 1, 2},
                                            BoundRows<double>{Layout{1, 2, 1}, activations, gradients, rows});
  EXPECT_EQ(observation.channel_sum(Term::damping)[0], 0);
}

}  // namespace
}  // namespace faultline
