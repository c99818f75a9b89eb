#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#include "base/error.h"
#include "tensor/shape.h"

namespace faultline {

// A dense row-major array that someone else owns. T is `const S` for reading, `S` for writing.
template <class T>
class BasicTensorView {
 public:
  BasicTensorView() = default;
  BasicTensorView(T* data, const Shape& shape) : data_(data), shape_(shape) {}
  // A writable view reads too.
  template <class U>
  requires(std::is_same_v<T, const U>) BasicTensorView(BasicTensorView<U> other)
      : data_(other.data()), shape_(other.shape()) {}

  T* data() const { return data_; }
  const Shape& shape() const { return shape_; }
  std::int64_t elements() const { return shape_.elements(); }
  std::span<T> values() const { return {data_, static_cast<std::size_t>(elements())}; }
  T& operator[](std::int64_t flat_index) const { return data_[flat_index]; }

  // The i-th slice along the leading extent: [N, ...] -> [...].
  BasicTensorView row(std::int64_t i) const {
    require(shape_.rank() > 0 && i >= 0 && i < shape_[0], "TensorView::row: out of range");
    const Shape inner = shape_.without_leading();
    return {data_ + i * inner.elements(), inner};
  }
  // `count` slices from `first` on: [N, ...] -> [count, ...].
  BasicTensorView rows(std::int64_t first, std::int64_t count) const {
    require(shape_.rank() > 0 && first >= 0 && count >= 0 && first + count <= shape_[0],
            "TensorView::rows: out of range");
    return {data_ + first * shape_.without_leading().elements(), shape_.with_leading(count)};
  }
  // The same values under another shape of as many elements.
  BasicTensorView reshaped(const Shape& shape) const {
    require(shape.elements() == elements(), "TensorView::reshaped: another number of elements");
    return {data_, shape};
  }

 private:
  T* data_ = nullptr;
  Shape shape_ = {0};
};

// A dense row-major array that owns its values (64-byte aligned) or holds foreign memory with its deleter.
// Copies are deep.
template <class S>
class BasicTensor {
 public:
  BasicTensor() = default;
  // Values are zero.
  explicit BasicTensor(const Shape& shape) : BasicTensor(uninitialised(shape)) {
    std::fill_n(data(), elements(), S{});
  }
  BasicTensor(const Shape& shape, std::span<const S> values) : BasicTensor(uninitialised(shape)) {
    require(static_cast<std::int64_t>(values.size()) == elements(),
            "Tensor: as many values as the shape has elements");
    std::copy(values.begin(), values.end(), data());
  }
  BasicTensor(const Shape& shape, std::initializer_list<S> values)
      : BasicTensor(shape, std::span<const S>(values.begin(), values.size())) {}
  explicit BasicTensor(BasicTensorView<const S> view) : BasicTensor(view.shape(), view.values()) {}

  static BasicTensor uninitialised(const Shape& shape) {
    const auto bytes = static_cast<std::size_t>(std::max<std::int64_t>(shape.elements(), 1)) * sizeof(S);
    constexpr std::align_val_t kAlignment{64};
    S* data = static_cast<S*>(::operator new(bytes, kAlignment));
    return BasicTensor(shape, data, [](S* owned) { ::operator delete(owned, kAlignment); });
  }
  // Takes over foreign memory of at least shape.elements() values; `release` is called once, with `data`.
  static BasicTensor wrap(const Shape& shape, S* data, std::function<void(S*)> release) {
    return BasicTensor(shape, data, std::move(release));
  }

  BasicTensor(const BasicTensor& other) : BasicTensor(other.view()) {}
  BasicTensor& operator=(const BasicTensor& other) {
    if (this != &other) *this = BasicTensor(other);
    return *this;
  }
  BasicTensor(BasicTensor&& other) noexcept
      : shape_(std::exchange(other.shape_, Shape{0})), data_(std::move(other.data_)) {}
  BasicTensor& operator=(BasicTensor&& other) noexcept {
    shape_ = std::exchange(other.shape_, Shape{0});
    data_ = std::move(other.data_);
    return *this;
  }
  ~BasicTensor() = default;

  S* data() { return data_.get(); }
  const S* data() const { return data_.get(); }
  const Shape& shape() const { return shape_; }
  std::int64_t elements() const { return shape_.elements(); }
  std::span<S> values() { return {data(), static_cast<std::size_t>(elements())}; }
  std::span<const S> values() const { return {data(), static_cast<std::size_t>(elements())}; }
  S& operator[](std::int64_t flat_index) { return data_.get()[flat_index]; }
  const S& operator[](std::int64_t flat_index) const { return data_.get()[flat_index]; }

  BasicTensorView<S> view() { return {data(), shape_}; }
  BasicTensorView<const S> view() const { return {data(), shape_}; }
  operator BasicTensorView<S>() { return view(); }
  operator BasicTensorView<const S>() const { return view(); }
  BasicTensorView<S> row(std::int64_t i) { return view().row(i); }
  BasicTensorView<const S> row(std::int64_t i) const { return view().row(i); }
  BasicTensorView<S> rows(std::int64_t first, std::int64_t count) { return view().rows(first, count); }
  BasicTensorView<const S> rows(std::int64_t first, std::int64_t count) const {
    return view().rows(first, count);
  }

  // Changes the shape to another of as many elements.
  void reshape(const Shape& shape) {
    require(shape.elements() == elements(), "Tensor::reshape: another number of elements");
    shape_ = shape;
  }

 private:
  BasicTensor(const Shape& shape, S* data, std::function<void(S*)> release)
      : shape_(shape), data_(data, std::move(release)) {}

  Shape shape_ = {0};
  std::unique_ptr<S, std::function<void(S*)>> data_{nullptr, [](S*) {}};
};

using Tensor = BasicTensor<float>;
using TensorView = BasicTensorView<const float>;
using MutableTensorView = BasicTensorView<float>;
using DoubleTensor = BasicTensor<double>;
using DoubleTensorView = BasicTensorView<const double>;
using MutableDoubleTensorView = BasicTensorView<double>;

// Throws ContractError if the numbers of elements differ.
inline void copy_values(TensorView from, MutableTensorView to) {
  require(from.elements() == to.elements(), "copy_values: another number of elements");
  std::ranges::copy(from.values(), to.data());
}

}  // namespace faultline
