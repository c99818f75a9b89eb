#include "formats/onnx/literal.h"

#include <utility>

#include "base/error.h"

namespace faultline::formats {

namespace {

constexpr std::int64_t kMaxElements = std::int64_t{1} << 37;

std::string list(const std::vector<std::int64_t>& extents) {
  std::string text = "[";
  for (std::size_t i = 0; i < extents.size(); ++i) {
    if (i == 16) return text + ", ...]";
    text += (i == 0 ? "" : ", ") + std::to_string(extents[i]);
  }
  return text + "]";
}

}  // namespace

Literal integer_literal(std::vector<SymbolicInt> values) {
  Literal result;
  result.kind = Literal::Kind::integers;
  result.type = "int64";
  result.shape = Shape{static_cast<std::int64_t>(values.size())};
  result.integers = std::move(values);
  return result;
}

Literal float_literal(Tensor values) {
  Literal result;
  result.kind = Literal::Kind::floats;
  result.type = "float";
  result.shape = values.shape();
  result.floats = std::make_shared<const Tensor>(std::move(values));
  return result;
}

std::int64_t checked_elements(const std::vector<std::int64_t>& extents, const std::string& what) {
  if (extents.size() > static_cast<std::size_t>(Shape::kMaxRank)) {
    throw Error(ErrorKind::model,
                what + " has rank " + std::to_string(extents.size()) + ", expected at most 8");
  }
  std::int64_t product = 1;
  bool empty = false;
  for (const std::int64_t extent : extents) {
    if (extent < 0 || extent > kMaxElements) {
      throw Error(ErrorKind::model, what + " has the shape " + list(extents) + ", an extent is out of range");
    }
    empty = empty || extent == 0;
    if (extent > 0 && product > kMaxElements / extent) {
      throw Error(ErrorKind::model,
                  what + " has the shape " + list(extents) + ", which is too large for any model");
    }
    if (extent > 0) product *= extent;
  }
  return empty ? 0 : product;
}

Shape checked_shape(const std::vector<std::int64_t>& extents, const std::string& what) {
  checked_elements(extents, what);
  return Shape(std::span<const std::int64_t>(extents));
}

}  // namespace faultline::formats
