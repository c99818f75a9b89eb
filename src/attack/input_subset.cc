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
    copy_values(whole.images.row(image), pixels_.row(row));
    if (guides_.elements() > 0) copy_values(whole.guides.row(image), guides_.row(row));
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
