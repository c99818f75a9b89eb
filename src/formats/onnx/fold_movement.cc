// Operators that only move values, on constants. Each says which element of its input every element of the
// result is; that then holds for integers and floats alike.

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "formats/onnx/converters.h"

namespace faultline::formats {

namespace {

// A hostile file must not make us allocate.
constexpr std::int64_t kMaxSelected = std::int64_t{1} << 26;

struct Selection {
  Shape shape;
  std::vector<std::int64_t> source;  // flat indices into the input
};

void check_size(const NodeView& node, std::int64_t elements, const Literal& value) {
  if (elements > (value.kind == Literal::Kind::integers ? kMaxIntegers : kMaxSelected)) {
    node.refuse("makes a constant of " + std::to_string(elements) + " elements, which is too large");
  }
}

Literal apply(const Literal& input, const Selection& selection) {
  Literal result = input;
  result.shape = selection.shape;
  if (input.kind == Literal::Kind::integers) {
    result.integers.clear();
    for (const std::int64_t index : selection.source)
      result.integers.push_back(input.integers[static_cast<std::size_t>(index)]);
  } else {
    Tensor tensor = Tensor::uninitialised(selection.shape);
    for (std::size_t i = 0; i < selection.source.size(); ++i)
      tensor[static_cast<std::int64_t>(i)] = (*input.floats)[selection.source[i]];
    result.floats = std::make_shared<const Tensor>(std::move(tensor));
  }
  return result;
}

// The first input, if it has values at all.
const Literal& data(const NodeView& node) {
  const Literal& value = node.literal(0);
  if (value.kind == Literal::Kind::other) node.unsupported("reads a constant of type " + value.type);
  return value;
}

int axis_of(const NodeView& node, std::int64_t axis, int rank) {
  if (axis < -rank || axis >= rank)
    node.refuse("axis " + std::to_string(axis) + ", expected one of " + std::to_string(rank) + " axes");
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

std::optional<Literal> under_shape(const NodeView& node, const Converted& converted) {
  const Literal& value = data(node);
  if (value.kind != Literal::Kind::integers) return std::nullopt;
  Literal result = value;
  result.shape = net::infer_shape(converted.op, std::span<const Shape>(&value.shape, 1));
  return result;
}

// One axis of Slice: positions start, start + step, ... (count of them).
struct Steps {
  std::int64_t start = 0;
  std::int64_t step = 1;
  std::int64_t count = 0;
};

Steps resolve_steps(std::int64_t start, std::int64_t end, std::int64_t step, std::int64_t extent) {
  const auto resolve = [&](std::int64_t position, std::int64_t low, std::int64_t high) {
    return std::clamp(position < 0 ? std::max(position, -extent - 1) + extent : position, low, high);
  };
  if (step > 0) {
    const std::int64_t first = resolve(start, 0, extent);
    const std::int64_t room = resolve(end, 0, extent) - first;
    return {first, step, room <= 0 ? 0 : (room - 1) / step + 1};
  }
  const std::int64_t first = resolve(start, -1, extent - 1);
  const std::int64_t room = first - resolve(end, -1, extent - 1);
  return {first, step, room <= 0 ? 0 : (room - 1) / -step + 1};
}

std::vector<Steps> slice_steps(const NodeView& node, const Shape& shape) {
  const auto starts = node.list("starts", 1);
  const auto ends = node.list("ends", 2);
  if (!starts || !ends || starts->size() != ends->size())
    node.refuse("starts and ends do not fit each other");
  std::vector<std::int64_t> all(starts->size());
  std::iota(all.begin(), all.end(), 0);
  const std::vector<std::int64_t> axes = node.list("axes", 3).value_or(all);
  const std::vector<std::int64_t> steps =
      node.has_input(4) ? node.integers(4) : std::vector<std::int64_t>(starts->size(), 1);
  if (axes.size() != starts->size() || steps.size() != starts->size())
    node.refuse("axes or steps do not fit the starts");
  std::vector<Steps> result;
  for (int axis = 0; axis < shape.rank(); ++axis) result.push_back({0, 1, shape[axis]});
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const int axis = axis_of(node, axes[i], shape.rank());
    if (steps[i] == 0 || steps[i] == INT64_MIN) node.refuse("a step of " + std::to_string(steps[i]));
    result[static_cast<std::size_t>(axis)] = resolve_steps((*starts)[i], (*ends)[i], steps[i], shape[axis]);
  }
  return result;
}

// Elements start + i step along every axis, of a row-major array with the given strides.
Selection select_strided(const std::vector<Steps>& steps, const std::vector<std::int64_t>& strides) {
  Selection result;
  result.source = {0};
  for (std::size_t axis = 0; axis < steps.size(); ++axis) {
    result.shape.append(steps[axis].count);
    std::vector<std::int64_t> next;
    for (const std::int64_t base : result.source) {
      for (std::int64_t i = 0; i < steps[axis].count; ++i)
        next.push_back(base + (steps[axis].start + i * steps[axis].step) * strides[axis]);
    }
    result.source = std::move(next);
  }
  return result;
}

std::vector<std::int64_t> row_major_strides(const Shape& shape) {
  std::vector<std::int64_t> strides;
  for (int axis = 0; axis < shape.rank(); ++axis) strides.push_back(shape.elements(axis + 1, shape.rank()));
  return strides;
}

}  // namespace

std::optional<Literal> fold_gather(const NodeView& node) {
  const Literal& value = data(node);
  const int axis = axis_of(node, node.integer("axis", 0), value.shape.rank());
  const std::int64_t extent = value.shape[axis];
  const std::int64_t outer = value.shape.elements(0, axis);
  const std::int64_t inner = value.shape.elements(axis + 1, value.shape.rank());
  const Shape& index_shape = node.literal(1).shape;
  std::vector<std::int64_t> extents(value.shape.begin(), value.shape.begin() + axis);
  extents.insert(extents.end(), index_shape.begin(), index_shape.end());
  extents.insert(extents.end(), value.shape.begin() + axis + 1, value.shape.end());
  Selection selection{checked_shape(extents, "the result of node '" + node.node().name + "' (Gather)"), {}};
  check_size(node, selection.shape.elements(), value);
  const std::vector<std::int64_t> indices = node.integers(1);
  for (std::int64_t o = 0; o < outer; ++o) {
    for (const std::int64_t index : indices) {
      if (index < -extent || index >= extent)
        node.refuse("index " + std::to_string(index) + " into " + std::to_string(extent) + " elements");
      const std::int64_t first = (o * extent + (index < 0 ? index + extent : index)) * inner;
      for (std::int64_t i = 0; i < inner; ++i) selection.source.push_back(first + i);
    }
  }
  return apply(value, selection);
}

std::optional<Literal> fold_slice(const NodeView& node) {
  const Literal& value = data(node);
  check_size(node, value.shape.elements(), value);
  return apply(value, select_strided(slice_steps(node, value.shape), row_major_strides(value.shape)));
}

std::optional<Literal> fold_transpose(const NodeView& node) {
  const Literal& value = data(node);
  if (value.kind != Literal::Kind::integers) return std::nullopt;
  const Converted converted = convert_transpose(node);
  const Shape shape = net::infer_shape(converted.op, std::span<const Shape>(&value.shape, 1));
  std::vector<std::int64_t> perm = std::get<net::Transpose>(converted.op).perm;
  for (int axis = value.shape.rank(); perm.empty() && axis-- > 0;) perm.push_back(axis);
  const std::vector<std::int64_t> strides = row_major_strides(value.shape);
  std::vector<Steps> steps;
  std::vector<std::int64_t> permuted;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    steps.push_back({0, 1, shape[axis]});
    const int from = axis_of(node, perm[static_cast<std::size_t>(axis)], shape.rank());
    permuted.push_back(strides[static_cast<std::size_t>(from)]);
  }
  return apply(value, select_strided(steps, permuted));
}

std::optional<Literal> fold_concat(const NodeView& node) {
  const Literal& first = data(node);
  if (first.kind != Literal::Kind::integers) return std::nullopt;
  const Converted converted = convert_concat(node);
  std::vector<Shape> shapes;
  for (std::size_t i = 0; i < node.input_count(); ++i) shapes.push_back(node.literal(i).shape);
  Literal result = first;
  result.shape = net::infer_shape(converted.op, shapes);
  check_size(node, result.shape.elements(), result);
  result.integers.clear();
  const int axis = axis_of(node, node.attribute("axis").integer, result.shape.rank());
  for (std::int64_t o = 0; o < result.shape.elements(0, axis); ++o) {
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      const std::int64_t run = shapes[i].elements(axis, shapes[i].rank());
      const auto begin = node.symbols(i).begin() + o * run;
      result.integers.insert(result.integers.end(), begin, begin + run);
    }
  }
  return result;
}

std::optional<Literal> fold_reshape(const NodeView& node) {
  return under_shape(node, convert_reshape(node));
}
std::optional<Literal> fold_flatten(const NodeView& node) {
  return under_shape(node, convert_flatten(node));
}
std::optional<Literal> fold_squeeze(const NodeView& node) {
  return under_shape(node, convert_squeeze(node));
}
std::optional<Literal> fold_unsqueeze(const NodeView& node) {
  return under_shape(node, convert_unsqueeze(node));
}

}  // namespace faultline::formats
