#include "attack/input_subset.h"

namespace faultline::attack {

namespace {

// Nothing of nothing.
Tensor rows_of(TensorView whole, std::span<const int> images) {
  if (whole.elements() == 0) return {};
  Tensor rows = Tensor::uninitialised(whole.shape().with_leading(std::ssize(images)));
  std::int64_t row = 0;
  for (const int image : images) copy_values(whole.row(image), rows.row(row++));
  return rows;
}

template <class Value>
std::vector<Value> values_of(std::span<const Value> whole, std::span<const int> images) {
  std::vector<Value> values;
  if (whole.empty()) return values;
  for (const int image : images) values.push_back(whole[static_cast<std::size_t>(image)]);
  return values;
}

}  // namespace

InputSubset::InputSubset(const AttackInput& whole, std::span<const int> images)
    : whole_(whole),
      pixels_(rows_of(whole.images, images)),
      guides_(rows_of(whole.guides, images)),
      masks_(rows_of(whole.masks, images)),
      labels_(values_of(whole.labels, images)),
      targets_(values_of(whole.targets, images)),
      keys_(values_of(whole.keys, images)) {}

AttackInput InputSubset::input() const {
  AttackInput some = whole_;
  some.images = pixels_;
  some.labels = labels_;
  some.targets = targets_;
  some.guides = guides_;
  some.masks = masks_;
  some.keys = keys_;
  return some;
}

}  // namespace faultline::attack
