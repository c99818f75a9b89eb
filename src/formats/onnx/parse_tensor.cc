#include "formats/onnx/parse_tensor.h"

#include <onnx/onnx_pb.h>

#include <bit>
#include <cstring>

#include "base/error.h"
#include "formats/onnx/half.h"

namespace faultline::formats {

namespace {

static_assert(std::endian::native == std::endian::little, "ONNX stores raw data in little-endian order");

using onnx::TensorProto;

struct TypeRow {
  int type;
  const char* name;
  std::size_t bytes;  // of one element in raw data
  Literal::Kind kind;
};

constexpr TypeRow kTypes[] = {
    {TensorProto::FLOAT, "float", 4, Literal::Kind::floats},
    {TensorProto::FLOAT16, "float16", 2, Literal::Kind::floats},
    {TensorProto::DOUBLE, "double", 8, Literal::Kind::floats},
    {TensorProto::INT64, "int64", 8, Literal::Kind::integers},
    {TensorProto::INT32, "int32", 4, Literal::Kind::integers},
    {TensorProto::BOOL, "bool", 1, Literal::Kind::integers},
    {TensorProto::UINT8, "uint8", 1, Literal::Kind::other},
    {TensorProto::INT8, "int8", 1, Literal::Kind::other},
    {TensorProto::UINT16, "uint16", 2, Literal::Kind::other},
    {TensorProto::INT16, "int16", 2, Literal::Kind::other},
    {TensorProto::UINT32, "uint32", 4, Literal::Kind::other},
    {TensorProto::UINT64, "uint64", 8, Literal::Kind::other},
    {TensorProto::STRING, "string", 0, Literal::Kind::other},
    {TensorProto::BFLOAT16, "bfloat16", 2, Literal::Kind::other},
    {TensorProto::COMPLEX64, "complex64", 8, Literal::Kind::other},
    {TensorProto::COMPLEX128, "complex128", 16, Literal::Kind::other},
};

const TypeRow* find_type(int type) {
  for (const TypeRow& row : kTypes) {
    if (row.type == type) return &row;
  }
  return nullptr;
}

[[noreturn]] void refuse_tensor(const std::string& tensor, const std::string& what) {
  throw Error(ErrorKind::model, "tensor '" + tensor + "' " + what);
}

// The elements of raw data, one after the other; they need not be aligned.
template <class T>
T raw_element(const char* bytes, std::int64_t index) {
  T value;
  std::memcpy(&value, bytes + static_cast<std::size_t>(index) * sizeof(T), sizeof(T));
  return value;
}

template <class Element>
std::shared_ptr<const Tensor> make_floats(const Shape& shape, const Element& element) {
  Tensor tensor = Tensor::uninitialised(shape);
  for (std::int64_t i = 0; i < tensor.elements(); ++i) tensor[i] = element(i);
  return std::make_shared<const Tensor>(std::move(tensor));
}

template <class Element>
std::vector<SymbolicInt> make_integers(const Shape& shape, const Element& element) {
  std::vector<SymbolicInt> values(static_cast<std::size_t>(shape.elements()));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = {element(static_cast<std::int64_t>(i)), 0};
  return values;
}

void decode_raw(int type, const char* bytes, Literal& literal) {
  const Shape& shape = literal.shape;
  switch (type) {
    case TensorProto::FLOAT:
      literal.floats = make_floats(shape, [&](std::int64_t i) { return raw_element<float>(bytes, i); });
      return;
    case TensorProto::FLOAT16:
      literal.floats = make_floats(
          shape, [&](std::int64_t i) { return half_to_float(raw_element<std::uint16_t>(bytes, i)); });
      return;
    case TensorProto::DOUBLE:
      literal.floats = make_floats(
          shape, [&](std::int64_t i) { return static_cast<float>(raw_element<double>(bytes, i)); });
      return;
    case TensorProto::INT64:
      literal.integers =
          make_integers(shape, [&](std::int64_t i) { return raw_element<std::int64_t>(bytes, i); });
      return;
    case TensorProto::INT32:
      literal.integers =
          make_integers(shape, [&](std::int64_t i) { return raw_element<std::int32_t>(bytes, i); });
      return;
    default:
      literal.integers = make_integers(shape, [&](std::int64_t i) { return bytes[i] != 0 ? 1 : 0; });
  }
}

// The number of values in the field that holds this type when there are no raw data.
std::int64_t field_size(const TensorProto& proto) {
  switch (proto.data_type()) {
    case TensorProto::FLOAT:
      return proto.float_data_size();
    case TensorProto::DOUBLE:
      return proto.double_data_size();
    case TensorProto::INT64:
      return proto.int64_data_size();
    default:
      return proto.int32_data_size();
  }
}

void decode_field(const TensorProto& proto, Literal& literal) {
  const Shape& shape = literal.shape;
  const auto at = [](std::int64_t i) { return static_cast<int>(i); };
  switch (proto.data_type()) {
    case TensorProto::FLOAT:
      literal.floats = make_floats(shape, [&](std::int64_t i) { return proto.float_data(at(i)); });
      return;
    case TensorProto::FLOAT16:
      literal.floats = make_floats(shape, [&](std::int64_t i) {
        return half_to_float(static_cast<std::uint16_t>(proto.int32_data(at(i))));
      });
      return;
    case TensorProto::DOUBLE:
      literal.floats =
          make_floats(shape, [&](std::int64_t i) { return static_cast<float>(proto.double_data(at(i))); });
      return;
    case TensorProto::INT64:
      literal.integers = make_integers(shape, [&](std::int64_t i) { return proto.int64_data(at(i)); });
      return;
    default:
      literal.integers =
          make_integers(shape, [&](std::int64_t i) { return std::int64_t{proto.int32_data(at(i))}; });
  }
}

// float32 values as they lie there, where an array of floats may; else a copy.
std::shared_ptr<const Tensor> float_tensor(const RawBytes& raw, const Shape& shape) {
  const bool is_aligned = reinterpret_cast<std::uintptr_t>(raw.bytes.data()) % alignof(float) == 0;
  if (raw.owner && is_aligned) {
    auto* values = const_cast<float*>(reinterpret_cast<const float*>(raw.bytes.data()));  // never written to
    return std::make_shared<const Tensor>(Tensor::wrap(shape, values, [owner = raw.owner](float*) {}));
  }
  Tensor tensor = Tensor::uninitialised(shape);
  std::memcpy(tensor.data(), raw.bytes.data(), raw.bytes.size());
  return std::make_shared<const Tensor>(std::move(tensor));
}

void decode(const TensorProto& proto, const RawBytes& raw, std::size_t expected_bytes, Literal& literal) {
  if (raw.bytes.size() != expected_bytes) {
    refuse_tensor(proto.name(), "holds " + std::to_string(raw.bytes.size()) + " bytes, expected " +
                                    std::to_string(expected_bytes) + " for " + literal.type + " " +
                                    literal.shape.to_string());
  }
  if (proto.data_type() == TensorProto::FLOAT) {
    literal.floats = float_tensor(raw, literal.shape);
  } else {
    decode_raw(proto.data_type(), raw.bytes.data(), literal);
  }
}

void decode_fields(const TensorProto& proto, Literal& literal) {
  if (field_size(proto) != literal.shape.elements()) {
    refuse_tensor(proto.name(), "holds " + std::to_string(field_size(proto)) + " values, expected " +
                                    std::to_string(literal.shape.elements()) + " for the shape " +
                                    literal.shape.to_string());
  }
  decode_field(proto, literal);
}

ExternalLocation external_location(const TensorProto& proto) {
  ExternalLocation where;
  where.tensor = proto.name();
  for (const auto& entry : proto.external_data()) {
    if (entry.key() == "location") where.file = entry.value();
    if (entry.key() == "offset") where.offset = entry.value();
    if (entry.key() == "length") where.length = entry.value();
  }
  return where;
}

}  // namespace

std::string type_name(int data_type) {
  const TypeRow* row = find_type(data_type);
  return row != nullptr ? row->name : "type " + std::to_string(data_type);
}

Literal read_tensor(const TensorProto& proto, const std::optional<RawBytes>& raw_data,
                    ExternalFiles& external) {
  Literal literal;
  const TypeRow* row = find_type(proto.data_type());
  literal.type = type_name(proto.data_type());
  literal.shape = checked_shape({proto.dims().begin(), proto.dims().end()}, "tensor '" + proto.name() + "'");
  if (row == nullptr || row->kind == Literal::Kind::other) return literal;
  literal.kind = row->kind;
  if (proto.has_segment()) refuse_tensor(proto.name(), "is stored in segments, which no exporter does");
  const std::size_t bytes = static_cast<std::size_t>(literal.shape.elements()) * row->bytes;
  if (proto.data_location() == TensorProto::EXTERNAL) {
    decode(proto, external.bytes_of(external_location(proto), bytes), bytes, literal);
  } else if (raw_data) {
    decode(proto, *raw_data, bytes, literal);
  } else {
    decode_fields(proto, literal);
  }
  return literal;
}

Literal read_tensor(TensorProto& proto, ExternalFiles& external) {
  if (!proto.has_raw_data()) return read_tensor(proto, std::nullopt, external);
  const std::shared_ptr<const std::string> bytes(proto.release_raw_data());
  return read_tensor(proto, RawBytes{*bytes, bytes}, external);
}

}  // namespace faultline::formats
