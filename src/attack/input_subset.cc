#include "attack/input_subset.h"

#include <algorithm>

namespace faultline::attack {

InputSubset::InputSubset(const AttackInput& whole, std::span<const int> images)
    : pixels_(
          Tensor::uninitialised(whole.images.shape().with_leading(static_cast<std::int64_t>(images.size())))),
      guides_(whole.guides.elements() > 0 ? Tensor::uninitialised(pixels_.shape()) : Tensor()),
      seed_(whole.seed),
      max_batch_(whole.max_batch) {
  std::int64_t row = 0;
  for (const int image : images) {
    const auto i = static_cast<std::size_t>(image);
    std::ranges::copy(whole.images.row(image).values(), pixels_.row(row).data());
    if (guides_.elements() > 0) std::ranges::copy(whole.guides.row(image).values(), guides_.row(row).data());
    ++row;
    if (!whole.labels.empty()) labels_.push_back(whole.labels[i]);
    if (!whole.targets.empty()) targets_.push_back(whole.targets[i]);
    keys_.push_back(whole.keys[i]);
  }
}

AttackInput InputSubset::input() const {
  return {.images = pixels_,
          .labels = labels_,
          .targets = targets_,
          .guides = guides_,
          .keys = keys_,
          .seed = seed_,
          .max_batch = max_batch_};
}

}  // namespace faultline::attack
