#include "attack/momentum_ascent.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "attack/chunk.h"
#include "attack/gaussian_kernel.h"
#include "attack/gradient_sum.h"
#include "attack/projection.h"
#include "attack/resize_pad.h"
#include "attack/retain.h"
#include "attack/step.h"
#include "base/error.h"
#include "base/parallel.h"

namespace faultline::attack {

namespace {

// Whether gradients are taken elsewhere than at the iterates, whose own passes are then only for verdicts.
bool moves_gradient_points(const MomentumAscent& ascent) {
  return ascent.look_ahead || ascent.diversity > 0;
}

// The ascent of one chunk's images. What is kept between steps is kept by image.
class MomentumWalk {
 public:
  MomentumWalk(const MomentumAscent& ascent, Chunk& chunk)
      : ascent_(ascent),
        chunk_(chunk),
        batch_(chunk.batch()),
        stops_early_(ascent.early_stop && ascent.objective.goal != Goal::boost),
        kernel_(gaussian_kernel(ascent.kernel_size, ascent.kernel_reach)),
        iterates_(chunk.clean(0).shape().stacked(chunk.size())),
        gradients_(iterates_.shape()),
        momenta_({chunk.size(), chunk.clean(0).elements()}),
        variances_(ascent.neighbours > 0 ? static_cast<std::size_t>(chunk.size()) : 0,
                   GradientSum(static_cast<std::size_t>(chunk.clean(0).elements()))) {}

  void run() {
    retire(0);
    int steps = 0;
    bool has_passed = true;  // the iterates, through the network
    while (steps < ascent_.steps && chunk_.active() > 0 && chunk_.step()) {
      find_gradients(++steps);
      for_each_active([this](int row, int image) { move(row, image); });
      has_passed = stops_early_ || steps == ascent_.steps || !moves_gradient_points(ascent_);
      if (has_passed) batch_.forward();
      retire(steps);
    }
    if (!has_passed) batch_.forward();
    for (int k = 0; k < chunk_.active(); ++k) keep(k, steps);
  }

 private:
  // use(row in the batch, image), in parallel.
  template <class Use>
  void for_each_active(const Use& use) {
    parallel_for(chunk_.active(), [&](std::int64_t row) {
      const int k = static_cast<int>(row);
      use(k, chunk_.image(k));
    });
  }

  void save_points() {
    for_each_active([this](int row, int image) { copy_values(batch_.point(row), iterates_.row(image)); });
  }
  void restore_points() {
    for_each_active(
        [this](int row, int image) { copy_values(iterates_.view().row(image), batch_.point(row)); });
  }

  // gradients_ <- G', and with neighbours the sum that G' is a part of.
  void find_gradients(int step) {
    // Masks are of the image, not of a mapped one, and cut the gradient after it was smoothed.
    batch_.hold_to_masks(false);
    const bool moves = moves_gradient_points(ascent_);
    if (moves) {
      save_points();
      maps_.assign(static_cast<std::size_t>(chunk_.size()), std::nullopt);
      for_each_active([this, step](int row, int image) { go_to_gradient_point(step, row, image); });
      batch_.forward();
    }
    chunk_.score_gradients();
    for_each_active([this](int row, int image) { take_gradient(row, image); });
    if (moves) restore_points();
    batch_.hold_to_masks(true);
    if (ascent_.neighbours > 0) tune_variance(step);
  }

  void go_to_gradient_point(int step, int row, int image) {
    const MutableTensorView point = batch_.point(row);
    if (ascent_.look_ahead) {
      const double length = ascent_.decay * static_cast<double>(ascent_.step_size);
      const auto momentum = momenta_.row(image).values();
      for (std::int64_t i = 0; i < point.elements(); ++i)
        point[i] = static_cast<float>(static_cast<double>(point[i]) +
                                      length * momentum[static_cast<std::size_t>(i)]);
    }
    if (ascent_.diversity <= 0) return;
    const RandomStream stream = chunk_.stream(image, "step=" + std::to_string(step));
    if (stream.uniform(0) >= ascent_.diversity) return;
    const ResizePad map = random_resize_pad(point.shape(), ascent_.least_scale, stream);
    maps_[static_cast<std::size_t>(image)] = map;
    Tensor source = Tensor::uninitialised(point.shape());
    copy_values(point, source);
    apply(map, source, point);
  }

  void take_gradient(int row, int image) {
    const MutableTensorView gradient = gradients_.row(image);
    const bool is_mapped = !maps_.empty() && maps_[static_cast<std::size_t>(image)].has_value();
    if (is_mapped) {
      apply_transposed(*maps_[static_cast<std::size_t>(image)], batch_.gradient(row), gradient);
    } else {
      copy_values(batch_.gradient(row), gradient);
    }
    smooth(kernel_, gradient);
    batch_.mask_gradient(image, gradient);
  }

  // Adds v_k to the gradients, then finds v_(k+1), which the last step does not need.
  void tune_variance(int step) {
    const auto size = static_cast<std::size_t>(chunk_.size());
    std::vector<double> slopes(size);
    for (int k = 0; k < chunk_.active(); ++k)
      slopes[static_cast<std::size_t>(chunk_.image(k))] = log_slope(ascent_.objective, chunk_.judge(k));
    std::vector<GradientSum> next;
    if (step < ascent_.steps) next = neighbourhood(step);
    for_each_active([&](int /*row*/, int image) {
      const auto i = static_cast<std::size_t>(image);
      const MutableTensorView gradient = gradients_.row(image);
      GradientSum sum(gradient.values().size());
      sum.add(1, gradient, slopes[i]);
      sum.add(1, variances_[i]);
      if (!next.empty()) {
        next[i].add(-1, gradient, slopes[i]);
        variances_[i] = std::move(next[i]);
      }
      for (std::size_t j = 0; j < sum.values().size(); ++j)
        gradient[static_cast<std::int64_t>(j)] = static_cast<float>(sum.values()[j]);
    });
  }

  // The mean gradient round each active image's point, which stays where it is.
  std::vector<GradientSum> neighbourhood(int step) {
    std::vector<GradientSum> means(variances_.size(), GradientSum(variances_.front().values().size()));
    save_points();
    for (int neighbour = 0; neighbour < ascent_.neighbours; ++neighbour) {
      const std::string use = "step=" + std::to_string(step) + "/neighbour=" + std::to_string(neighbour);
      for_each_active([&](int row, int image) {
        const RandomStream stream = chunk_.stream(image, use);
        const TensorView centre = iterates_.view().row(image);
        const MutableTensorView point = batch_.point(row);
        for (std::int64_t i = 0; i < point.elements(); ++i) {
          const double u = 2 * stream.uniform(static_cast<std::uint64_t>(i)) - 1;
          point[i] = static_cast<float>(static_cast<double>(centre[i]) + ascent_.radius * u);
        }
      });
      batch_.forward();
      chunk_.score_gradients();
      for_each_active([&](int row, int image) {
        means[static_cast<std::size_t>(image)].add(1.0 / ascent_.neighbours, batch_.gradient(row),
                                                   log_slope(ascent_.objective, chunk_.judge(row)));
      });
    }
    restore_points();
    return means;
  }

  void move(int row, int image) {
    const MutableTensorView gradient = gradients_.row(image);
    const auto momentum = momenta_.row(image).values();
    double sum = 0;
    for (const float g : gradient.values()) sum += std::abs(static_cast<double>(g));
    const double mean = sum / static_cast<double>(momentum.size());
    const bool adds = mean > 0 && std::isfinite(mean);
    for (std::size_t i = 0; i < momentum.size(); ++i) {
      const auto at = static_cast<std::int64_t>(i);
      momentum[i] *= ascent_.decay;
      if (adds) momentum[i] += static_cast<double>(gradient[at]) / mean;
      gradient[at] = static_cast<float>(momentum[i]);
    }
    step(ascent_.ball.norm, ascent_.step_size, gradient, batch_.point(row));
    project(ascent_.ball, chunk_.clean(image), batch_.point(row));
  }

  // With early stop, images that have succeeded leave the batch.
  void retire(int steps) {
    if (!stops_early_) return;
    retain(batch_, [this, steps](int k) {
      const bool succeeds = chunk_.judge(k).success;
      if (succeeds) keep(k, steps);
      return !succeeds;
    });
  }

  void keep(int k, int steps) { chunk_.keep(chunk_.image(k), batch_.point(k), chunk_.judge(k), 0, steps); }

  const MomentumAscent& ascent_;
  Chunk& chunk_;
  ActiveBatch& batch_;
  bool stops_early_;
  std::vector<double> kernel_;
  Tensor iterates_;       // [size,C,H,W], while the batch's points are elsewhere
  Tensor gradients_;      // [size,C,H,W]
  DoubleTensor momenta_;  // [size, elements]
  std::vector<GradientSum> variances_;
  std::vector<std::optional<ResizePad>> maps_;  // of this step
};

}  // namespace

PassCount cost(const MomentumAscent& ascent) {
  const std::int64_t around = std::int64_t{ascent.steps - 1} * ascent.neighbours;
  const std::int64_t apart = !moves_gradient_points(ascent) ? 0 : ascent.early_stop ? ascent.steps : 1;
  return {2 + ascent.steps + apart + around, ascent.steps + around};
}

std::vector<AttackedImage> run(const MomentumAscent& ascent, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control) {
  require(ascent.steps >= 1 && ascent.step_size >= 0 && ascent.decay >= 0 && ascent.ball.eps >= 0,
          "momentum ascent: a value is out of range");
  require(!ascent.look_ahead || ascent.ball.norm == Norm::linf, "momentum ascent: looking ahead takes linf");
  require(ascent.neighbours == 0 || !moves_gradient_points(ascent),
          "momentum ascent: neighbours of points where no gradient is taken");
  const ChunkTask task{.name = ascent.name, .objective = ascent.objective, .steps = ascent.steps};
  return attack_in_chunks(task, plan, input, control,
                          [&](Chunk& chunk) { MomentumWalk(ascent, chunk).run(); });
}

}  // namespace faultline::attack
