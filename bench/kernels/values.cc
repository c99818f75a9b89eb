#include "kernels/values.h"

#include <cmath>
#include <set>

#include "base/error.h"
#include "base/philox.h"
#include "engine/onednn/layouts.h"

namespace faultline::bench {

using engine::onednn::convert_row;
using engine::onednn::plain;

Tensor random_values(const Shape& shape, const std::string& name) {
  const RandomStream stream(0, name);
  Tensor values = Tensor::uninitialised(shape);
  for (std::int64_t i = 0; i < values.elements(); ++i)
    values[i] = static_cast<float>(stream.normal(static_cast<std::uint64_t>(i)));
  return values;
}

Rows::Rows(const engine::Layout& layout, int count, const std::string& name) : layout_(layout) {
  for (int i = 0; i < count; ++i) {
    const Tensor values = random_values(Shape{layout.channels * layout.positions}, name + std::to_string(i));
    rows_.emplace_back(Shape{layout.row_elements()});
    convert_row(plain(layout), values.data(), layout, rows_.back().data());
  }
}

std::vector<const float*> Rows::read() const {
  std::vector<const float*> pointers;
  for (const Tensor& row : rows_) pointers.push_back(row.data());
  return pointers;
}

std::vector<float*> Rows::write() {
  std::vector<float*> pointers;
  for (Tensor& row : rows_) pointers.push_back(row.data());
  return pointers;
}

DoubleTensor Rows::first(const Shape& shape) const {
  Tensor row(shape);
  convert_row(layout_, rows_.front().data(), plain(layout_), row.data());
  return to_double(row);
}

DoubleTensor to_double(TensorView values) {
  DoubleTensor result = DoubleTensor::uninitialised(values.shape());
  for (std::int64_t i = 0; i < values.elements(); ++i) result[i] = static_cast<double>(values[i]);
  return result;
}

void check_once(const std::string& name, const std::function<void()>& check) {
  static std::set<std::string> checked;
  if (checked.insert(name).second) check();
}

void require_close(const std::string& what, DoubleTensorView found, DoubleTensorView expected,
                   double tolerance) {
  require(found.elements() == expected.elements(), "require_close: another number of values");
  double difference = 0;
  double norm = 0;
  for (std::int64_t i = 0; i < found.elements(); ++i) {
    difference += (found[i] - expected[i]) * (found[i] - expected[i]);
    norm += expected[i] * expected[i];
  }
  const double relative = difference == 0 ? 0 : std::sqrt(difference / norm);
  if (!(relative <= tolerance)) {
    throw Error(ErrorKind::model, what + ": off by " + std::to_string(relative) +
                                      " (relative L2), expected at most " + std::to_string(tolerance));
  }
}

}  // namespace faultline::bench
