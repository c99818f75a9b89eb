#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>

#include "attack/catalogue.h"
#include "attack/norm.h"
#include "attack/projection.h"
#include "expect_error.h"
#include "networks.h"

// What every minimal-norm attack is tested for.
namespace faultline::attack::test {

using Run = std::function<std::vector<AttackedImage>(engine::Plan&, const AttackInput&, const RunControl&)>;

template <class MinimalAttack>
Run run_of(const MinimalAttack& attack) {
  return [attack](engine::Plan& plan, const AttackInput& input, const RunControl& control) {
    return run(attack, plan, input, control);
  };
}

// z = W x with K classes on [3,4,4], at images inside the box: the distance to the nearest boundary is
// min_j (z_y - z_j)/|w_y - w_j|_q.
struct LinearClasses {
  static constexpr std::int64_t kPixels = 48;
  int classes;
  Tensor weights;
  std::unique_ptr<engine::Plan> plan;
  Tensor images{{2, 3, 4, 4}};
  std::vector<std::string> keys = {"a", "b"};

  explicit LinearClasses(int count)
      : classes(count),
        weights(random_tensor({count, kPixels}, "linear", 1)),
        plan(compile(linear_network({3, 4, 4}, weights))) {
    for (std::int64_t i = 0; i < images.elements(); ++i) {
      images[i] =
          static_cast<float>(0.5 + 0.05 * RandomStream(5, "pixels").normal(static_cast<std::uint64_t>(i)));
    }
  }
  AttackInput input() const { return {.images = images, .keys = keys, .seed = 1}; }

  double logit(int image, int j) const {
    double sum = 0;
    for (std::int64_t i = 0; i < kPixels; ++i) {
      sum += static_cast<double>(weights[j * kPixels + i]) * static_cast<double>(images[image * kPixels + i]);
    }
    return sum;
  }
  // From an image of class y to the boundary with class j.
  double distance_to(Norm norm, int image, int y, int j) const {
    std::vector<double> w;
    for (std::int64_t i = 0; i < kPixels; ++i) {
      w.push_back(static_cast<double>(weights[y * kPixels + i]) -
                  static_cast<double>(weights[j * kPixels + i]));
    }
    return (logit(image, y) - logit(image, j)) / norm_of(dual(norm), w);
  }
  // The l1 distance to it within [0,1]: values in the order of their weights, each to its bound.
  double l1_distance_in_box(int image, int y, int j) const {
    std::vector<std::pair<double, double>> parts;  // |w|, room
    for (std::int64_t i = 0; i < kPixels; ++i) {
      const double w =
          static_cast<double>(weights[j * kPixels + i]) - static_cast<double>(weights[y * kPixels + i]);
      const auto x = static_cast<double>(images[image * kPixels + i]);
      parts.emplace_back(std::abs(w), w > 0 ? 1 - x : x);
    }
    std::ranges::sort(parts, std::greater());
    double left = logit(image, y) - logit(image, j);
    double moved = 0;
    for (const auto& [w, room] : parts) {
      const double step = std::min(room, left / w);
      moved += step;
      left -= step * w;
    }
    return moved;
  }
  double distance(Norm norm, int image, int y) const {
    double least = 1e9;
    for (int j = 0; j < classes; ++j) {
      if (j != y) least = std::min(least, distance_to(norm, image, y, j));
    }
    return least;
  }
};

// Expects the perturbations' sizes to be `least` to `most` times the distance, for two classes
// and for more.
inline void expect_distances(const Run& run, Norm norm, double least, double most,
                             std::initializer_list<int> class_counts = {2, 3, 7}) {
  for (const int classes : class_counts) {
    const LinearClasses linear(classes);
    const auto results = run(*linear.plan, linear.input(), {});
    for (int i = 0; i < 2; ++i) {
      SCOPED_TRACE("classes " + std::to_string(classes) + " image " + std::to_string(i));
      const AttackedImage& result = results[static_cast<std::size_t>(i)];
      const double size = attack::distance(norm, linear.images.view().row(i), result.image);
      const double expected = linear.distance(norm, i, result.aim.label);
      EXPECT_TRUE(result.adversarial.success);
      EXPECT_GE(size, least * expected);
      EXPECT_LE(size, most * expected);
    }
  }
}

inline bool same(const AttackedImage& a, const AttackedImage& b) {
  return std::ranges::equal(a.image.values(), b.image.values()) && a.steps == b.steps &&
         a.adversarial.loss == b.adversarial.loss && a.forward_passes == b.forward_passes &&
         a.backward_passes == b.backward_passes && a.restart == b.restart;
}

// Results depend on no other image of the batch, nor on the order.
inline void expect_independent_of_the_batch(const Run& run) {
  const auto plan = compile(small_network());
  const Images images({7, 3, 8, 8});
  const auto whole = run(*plan, images.input(), {});
  EXPECT_GT(std::ranges::count_if(whole, [](const auto& r) { return r.adversarial.success; }), 3);
  for (const int max_batch : {1, 3}) {
    AttackInput input = images.input();
    input.max_batch = max_batch;
    const auto chunked = run(*plan, input, {});
    for (std::size_t i = 0; i < 7; ++i) EXPECT_TRUE(same(whole[i], chunked[i])) << i;
  }
  const Images reversed = images.reversed();
  const auto backwards = run(*plan, reversed.input(), {});
  for (std::size_t i = 0; i < 7; ++i) EXPECT_TRUE(same(whole[i], backwards[6 - i])) << i;
}

// Progress rises to the total, a stop between two steps ends the run, no image takes more than the cost.
inline void expect_control_and_cost(const Run& run, const PassCount& cost) {
  const auto plan = compile(small_network());
  const Images images({4, 3, 8, 8});
  AttackInput input = images.input();
  input.max_batch = 3;
  std::atomic<bool> stop = false;
  Progress last;
  const RunControl counting(
      [&](const Progress& progress) {
        EXPECT_GE(progress.done, last.done);
        last = progress;
      },
      &stop);
  for (const AttackedImage& result : run(*plan, input, counting)) {
    EXPECT_LE(result.forward_passes, cost.forward);
    EXPECT_LE(result.backward_passes, cost.backward);
    EXPECT_GT(result.backward_passes, 0);
  }
  EXPECT_EQ(last.done, last.total);
  const RunControl stopping([&](const Progress&) { stop = true; }, &stop);
  faultline::test::expect_error([&] { run(*plan, input, stopping); }, ErrorKind::interrupted, "stopped");
}

// Class 0 whatever the image: once with no gradient, once with one that leads to the border of the box, where
// both logits are 0 and the first class is taken. What is returned is the clean image, and costs are met.
inline void expect_clean_where_nothing_flips(const Run& run, const PassCount& cost) {
  for (const float weight : {0.0F, 100.0F}) {
    Tensor weights({2, 48});
    std::fill_n(weights.data(), 48, weight);
    const auto plan = compile(linear_network({3, 4, 4}, weights));
    const LinearClasses linear(2);
    const auto results = run(*plan, linear.input(), {});
    for (std::int64_t i = 0; i < 2; ++i) {
      const AttackedImage& result = results[static_cast<std::size_t>(i)];
      EXPECT_FALSE(result.adversarial.success);
      EXPECT_TRUE(std::ranges::equal(result.image.values(), linear.images.view().row(i).values()));
      EXPECT_EQ(result.linf, 0);
      EXPECT_TRUE(std::isfinite(result.adversarial.loss));
      EXPECT_LE(result.forward_passes, cost.forward);
      EXPECT_LE(result.backward_passes, cost.backward);
    }
  }
}

// The catalogue's entry is this attack: with its defaults, or the values given.
template <class MinimalAttack>
void expect_entry(std::string_view name, std::initializer_list<std::string_view> assignments,
                  const MinimalAttack& attack) {
  const auto plan = compile(small_network());
  const Images images({2, 3, 8, 8});
  const auto entry = make_attack(name, assignments);
  EXPECT_EQ(entry->cost().forward, cost(attack).forward);
  EXPECT_EQ(entry->cost().backward, cost(attack).backward);
  const auto found = entry->run(*plan, images.input(), {});
  const auto expected = run(attack, *plan, images.input(), {});
  for (std::size_t i = 0; i < 2; ++i) EXPECT_TRUE(same(found[i], expected[i])) << name;
}

// What is wrong from the start is left alone; a result beyond eps is none.
template <class MinimalAttack>
void expect_trivial_cases(MinimalAttack attack, Norm norm) {
  const auto plan = compile(small_network());
  const Images images({5, 3, 8, 8});
  const auto unlimited = run(attack, *plan, images.input(), {});
  AttackInput wrong = images.input();
  std::vector<int> labels;
  for (const AttackedImage& result : unlimited) labels.push_back((result.clean.predicted + 1) % 5);
  wrong.labels = labels;
  for (const AttackedImage& result : run(attack, *plan, wrong, {})) {
    EXPECT_TRUE(result.adversarial.success);
    EXPECT_EQ(result.linf, 0);
    EXPECT_EQ(result.forward_passes, 2);
    EXPECT_EQ(result.backward_passes, 0);
  }
  std::vector<double> sizes;
  for (std::size_t i = 0; i < 5; ++i) {
    if (!unlimited[i].adversarial.success) continue;
    const TensorView clean = images.pixels.view().row(static_cast<std::int64_t>(i));
    sizes.push_back(attack::distance(norm, clean, unlimited[i].image));
  }
  std::ranges::sort(sizes);
  ASSERT_GE(sizes.size(), 4U);
  attack.eps = (sizes[0] + sizes[sizes.size() - 1]) / 2;
  int within = 0;
  const auto limited = run(attack, *plan, images.input(), {});
  for (std::size_t i = 0; i < 5; ++i) {
    const TensorView clean = images.pixels.view().row(static_cast<std::int64_t>(i));
    const double size = attack::distance(norm, clean, limited[i].image);
    EXPECT_EQ(limited[i].adversarial.success, size > 0);
    EXPECT_LE(size, attack.eps);
    within += limited[i].adversarial.success ? 1 : 0;
  }
  EXPECT_GE(within, 1);
  EXPECT_LT(within, 5);
}

}  // namespace faultline::attack::test
