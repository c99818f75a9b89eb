#include "formats/onnx/node_view.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "formats/onnx/topology.h"

namespace faultline::formats {

namespace {

std::string ordinal(std::size_t i) {
  return "input " + std::to_string(i);
}

}  // namespace

std::vector<SymbolicInt> symbolic_shape(const Value& value) {
  std::vector<SymbolicInt> extents;
  for (int axis = 0; axis < value.shape.rank(); ++axis) {
    const std::int64_t step =
        (value.shape_of_larger[axis] - value.shape[axis]) / (kLargerProbeBatch - kProbeBatch);
    extents.push_back({value.shape[axis] - step * kProbeBatch, step});
  }
  return extents;
}

const Value& NodeView::input(std::size_t i) const {
  if (!has_input(i)) refuse(ordinal(i) + " is missing");
  return *inputs_[i];
}

bool NodeView::leads_with_batch(std::size_t i) const {
  const Value& value = input(i);
  return value.literal == nullptr && value.shape.rank() > 0 && symbolic_shape(value).front().is_batch();
}

bool NodeView::all_literal() const {
  return std::all_of(inputs_.begin(), inputs_.end(),
                     [](const Value* value) { return value == nullptr || value->literal; });
}

const Literal& NodeView::literal(std::size_t i) const {
  const Value& value = input(i);
  if (!value.literal) unsupported("takes " + ordinal(i) + " from the image, expected a constant");
  return *value.literal;
}

const std::vector<SymbolicInt>& NodeView::symbols(std::size_t i) const {
  const Literal& value = literal(i);
  if (value.kind != Literal::Kind::integers)
    refuse(ordinal(i) + " is of type " + value.type + ", expected integers");
  return value.integers;
}

std::vector<std::int64_t> NodeView::integers(std::size_t i) const {
  std::vector<std::int64_t> values;
  for (const SymbolicInt& value : symbols(i)) {
    if (!value.is_plain()) unsupported("takes " + ordinal(i) + " from the batch size");
    values.push_back(value.constant);
  }
  return values;
}

float NodeView::scalar(std::size_t i) const {
  const Literal& value = literal(i);
  if (value.kind != Literal::Kind::floats || value.shape.elements() != 1) {
    refuse(ordinal(i) + " is " + value.type + " " + value.shape.to_string() + ", expected one float");
  }
  if (std::isnan((*value.floats)[0])) refuse(ordinal(i) + " ('" + input(i).name + "') is NaN");
  return (*value.floats)[0];
}

const OnnxAttribute& NodeView::attribute(std::string_view name) const {
  const auto found = node_.attributes.find(name);
  if (found == node_.attributes.end()) refuse("the attribute '" + std::string(name) + "' is missing");
  return found->second;
}

std::int64_t NodeView::integer(std::string_view name, std::int64_t missing) const {
  return has(name) ? attribute(name).integer : missing;
}

float NodeView::real(std::string_view name, float missing) const {
  const float value = has(name) ? attribute(name).real : missing;
  if (!std::isfinite(value)) refuse("the attribute '" + std::string(name) + "' is not finite");
  return value;
}

std::string NodeView::text(std::string_view name, const std::string& missing) const {
  return has(name) ? attribute(name).text : missing;
}

std::vector<std::int64_t> NodeView::integers(std::string_view name) const {
  return has(name) ? attribute(name).integers : std::vector<std::int64_t>{};
}

std::optional<std::vector<std::int64_t>> NodeView::list(std::string_view name, std::size_t i) const {
  if (has(name)) return attribute(name).integers;
  if (has_input(i)) return integers(i);
  return std::nullopt;
}

void NodeView::refuse(const std::string& what) const {
  throw Error(ErrorKind::model, "node '" + node_label(node_) + "' (" + node_.op + "): " + what);
}

void NodeView::unsupported(const std::string& what) const {
  throw Error(ErrorKind::unsupported, node_.op + " that " + what);
}

}  // namespace faultline::formats
