#include "attack/active_batch.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "base/parallel.h"

namespace faultline::attack {

ActiveBatch::ActiveBatch(engine::Plan& plan, const Objective& objective, const Shape& sample_shape,
                         int capacity)
    : plan_(plan),
      objective_(objective),
      points_(sample_shape.stacked(capacity)),
      gradients_(points_.shape()) {}

void ActiveBatch::begin(int n) {
  require(n <= points_.shape()[0], "ActiveBatch: more images than its capacity");
  activate({});
  clean_ = {};
  masks_ = {};
  is_held_ = true;
  forward_passes_.assign(static_cast<std::size_t>(n), 0);
  backward_passes_.assign(static_cast<std::size_t>(n), 0);
}

void ActiveBatch::confine(TensorView clean, TensorView masks) {
  require(masks.elements() * 3 == clean.elements(), "ActiveBatch: masks of another size");
  clean_ = clean;
  masks_ = masks;
}

template <class Use>
void ActiveBatch::for_each_masked(int image, const Use& use) const {
  const TensorView mask = masks_.row(image);
  for (std::int64_t j = 0; j < mask.elements(); ++j) {
    if (mask[j] != 0) continue;
    for (std::int64_t channel = 0; channel < 3; ++channel) use(channel * mask.elements() + j);
  }
}

void ActiveBatch::mask_gradient(int image, MutableTensorView gradient) const {
  if (masks_.elements() > 0) for_each_masked(image, [&](std::int64_t i) { gradient[i] = 0; });
}

void ActiveBatch::activate(std::span<const int> images) {
  images_.assign(images.begin(), images.end());
  pass_.reset();
}

void ActiveBatch::keep(std::span<const int> positions) {
  for (std::size_t to = 0; to < positions.size(); ++to) {
    const int from = positions[to];
    require(from >= static_cast<int>(to) && from < static_cast<int>(images_.size()),
            "ActiveBatch: positions to keep must ascend");
    if (from == static_cast<int>(to)) continue;
    copy_values(points_.view().row(from), points_.row(static_cast<std::int64_t>(to)));
    images_[to] = images_[static_cast<std::size_t>(from)];
    pass_rows_[to] = pass_rows_[static_cast<std::size_t>(from)];
  }
  images_.resize(positions.size());
  pass_rows_.resize(positions.size());
}

void ActiveBatch::forward() {
  if (is_confined()) {
    parallel_for(std::ssize(images_), [this](std::int64_t k) {
      const int image = images_[static_cast<std::size_t>(k)];
      const MutableTensorView point = points_.row(k);
      const TensorView clean = clean_.row(image);
      for_each_masked(image, [&](std::int64_t i) { point[i] = clean[i]; });
    });
  }
  pass_.reset();  // returns its buffers before the next one asks for some
  pass_ = plan_.forward(points_.rows(0, static_cast<std::int64_t>(images_.size())));
  pass_rows_.resize(images_.size());
  for (std::size_t k = 0; k < images_.size(); ++k) pass_rows_[k] = static_cast<int>(k);
  for (const int image : images_) ++forward_passes_[static_cast<std::size_t>(image)];
}

std::span<const double> ActiveBatch::logits(int k) const {
  require(pass_ != nullptr, "ActiveBatch: no pass was run");
  return pass_->logits().row(pass_rows_[static_cast<std::size_t>(k)]).values();
}

void ActiveBatch::backward(std::span<const Aim> aims) {
  positions_.resize(images_.size());
  std::iota(positions_.begin(), positions_.end(), 0);
  backward(positions_, [&](int k, std::span<double> gradient) {
    const auto image = static_cast<std::size_t>(images_[static_cast<std::size_t>(k)]);
    score_direction(objective_, logits(k), aims[image], gradient);
  });
}

void ActiveBatch::backward(std::span<const int> positions, const WriteSeed& write) {
  backward(plan_.graph().output(), positions, write);
}

DoubleTensor ActiveBatch::activation(net::NodeId node, int k) const {
  require(pass_ != nullptr, "ActiveBatch: no pass was run");
  return pass_->observe(node).read(pass_rows_[static_cast<std::size_t>(k)]);
}

void ActiveBatch::backward(net::NodeId node, std::span<const int> positions, const WriteSeed& write) {
  require(pass_ != nullptr, "ActiveBatch: no pass was run");
  const auto seeds = static_cast<std::int64_t>(positions.size());
  const bool is_output = node == plan_.graph().output();
  reserve_seeds(seeds,
                is_output ? pass_->logits().shape()[1] : pass_->observe(node).sample_shape().elements());
  seeds_.node = node;
  seeds_.rows.clear();
  for (std::size_t r = 0; r < positions.size(); ++r) {
    const auto k = static_cast<std::size_t>(positions[r]);
    seeds_.rows.push_back(pass_rows_[k]);
    write(static_cast<int>(r), seeds_.logit_gradients.row(static_cast<std::int64_t>(r)).values());
    ++backward_passes_[static_cast<std::size_t>(images_[k])];
  }
  plan_.backward(
      *pass_, seeds_, {}, [](const engine::Observation&) {}, gradients_.rows(0, seeds));
  if (!is_confined()) return;
  parallel_for(seeds, [&](std::int64_t r) {
    const auto k = static_cast<std::size_t>(positions[static_cast<std::size_t>(r)]);
    mask_gradient(images_[k], gradients_.row(r));
  });
}

void ActiveBatch::reserve_seeds(std::int64_t seeds, std::int64_t values) {
  if (gradients_.shape()[0] < seeds)
    gradients_ = Tensor::uninitialised(gradients_.shape().with_leading(seeds));
  const Shape capacity{gradients_.shape()[0], values};
  if (!(seed_storage_.shape() == capacity)) seed_storage_ = DoubleTensor(capacity);
  // A view of the storage's first rows: nothing is allocated as images leave.
  seeds_.logit_gradients = DoubleTensor::wrap({seeds, values}, seed_storage_.data(), [](double*) {});
}

}  // namespace faultline::attack
