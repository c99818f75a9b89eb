// Every way in which ONNX stores weights gives the same values.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <chrono>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

#include "base/files.h"
#include "expect_error.h"
#include "formats/onnx/half.h"
#include "formats/onnx_export.h"
#include "formats/onnx_import.h"
#include "model_builder.h"
#include "temporary_folder.h"

namespace faultline::formats {
namespace {

using onnx::TensorProto;
using test::ModelBuilder;

const std::vector<float> kValues = {1, -2, 0.5F, 4, 0.25F, -8};

// GlobalAveragePool, Flatten, MatMul with "w" [3,2].
ModelBuilder model_around(int type, const std::string& read = "w") {
  ModelBuilder builder;
  builder.input("x", {-1, 3, 4, 4});
  builder.tensor("w", {3, 2}, type);
  if (read != "w") builder.node("Cast", "cast", {"w"}, {read}).with("to", std::int64_t{TensorProto::FLOAT});
  builder.node("GlobalAveragePool", "gap", {"x"}, {"g"}).node("Flatten", "flat", {"g"}, {"f"});
  return builder.node("MatMul", "fc", {"f", read}, {"y"}).output("y");
}

TensorProto& weights_in(ModelBuilder& builder) {
  return *builder.graph().mutable_initializer(0);
}

template <class T>
std::string raw(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

const std::vector<std::uint16_t> kHalves = {0x3c00, 0xc000, 0x3800, 0x4400, 0x3400, 0xc800};

std::vector<float> weights_of(const net::Graph& graph, const std::string& name = "w") {
  const Tensor& tensor = *std::get<net::Constant>(graph.node(*graph.find(name)).op).value;
  EXPECT_EQ(tensor.shape(), (Shape{3, 2}));
  return {tensor.values().begin(), tensor.values().end()};
}

TEST(OnnxWeights, InlineInEveryEncoding) {
  ModelBuilder field = model_around(TensorProto::FLOAT);
  for (const float value : kValues) weights_in(field).add_float_data(value);
  EXPECT_EQ(weights_of(parse_onnx_model(field.bytes(), "m").graph), kValues);
  ModelBuilder bytes = model_around(TensorProto::FLOAT);
  weights_in(bytes).set_raw_data(raw(kValues));
  EXPECT_EQ(weights_of(parse_onnx_model(bytes.bytes(), "m").graph), kValues);
  ModelBuilder doubles = model_around(TensorProto::DOUBLE, "cast w");
  weights_in(doubles).set_raw_data(raw(std::vector<double>(kValues.begin(), kValues.end())));
  EXPECT_EQ(weights_of(parse_onnx_model(doubles.bytes(), "m").graph, "cast w"), kValues);
  ModelBuilder half_bytes = model_around(TensorProto::FLOAT16, "cast w");
  weights_in(half_bytes).set_raw_data(raw(kHalves));
  EXPECT_EQ(weights_of(parse_onnx_model(half_bytes.bytes(), "m").graph, "cast w"), kValues);
  ModelBuilder half_field = model_around(TensorProto::FLOAT16, "cast w");
  for (const std::uint16_t half : kHalves) weights_in(half_field).add_int32_data(half);
  EXPECT_EQ(weights_of(parse_onnx_model(half_field.bytes(), "m").graph, "cast w"), kValues);
}

TEST(OnnxWeights, HalvesConvertExactly) {
  EXPECT_EQ(half_to_float(0x0001), 0x1p-24F);
  EXPECT_EQ(half_to_float(0x83ff), -1023 * 0x1p-24F);
  EXPECT_EQ(half_to_float(0x0400), 0x1p-14F);
  EXPECT_EQ(half_to_float(0x7bff), 65504.0F);
  EXPECT_EQ(half_to_float(0xfc00), -std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(half_to_float(0x7e00)));
  EXPECT_TRUE(std::signbit(half_to_float(0x8000)));
}

TEST(OnnxWeights, DataMustFitTheShape) {
  ModelBuilder short_field = model_around(TensorProto::FLOAT);
  weights_in(short_field).add_float_data(1);
  test::expect_error([&] { parse_onnx_model(short_field.bytes(), "m"); }, ErrorKind::model,
                     "tensor 'w' holds 1 values, expected 6");
  ModelBuilder long_bytes = model_around(TensorProto::FLOAT);
  weights_in(long_bytes).set_raw_data(std::string(28, '\0'));
  test::expect_error([&] { parse_onnx_model(long_bytes.bytes(), "m"); }, ErrorKind::model,
                     "holds 28 bytes, expected 24 for float [3, 2]");
}

// Whether a weight's values lie in the file.
bool is_mapped(const Tensor& weight, const MappedFile& file) {
  const std::string_view bytes = file.bytes();
  const auto* const first = reinterpret_cast<const char*>(weight.data());
  return std::less_equal()(bytes.data(), first) && std::less()(first, bytes.data() + bytes.size());
}

TEST(OnnxWeights, WrittenFilesAreUsedWhereTheyLie) {
  const test::TemporaryFolder folder;
  // Tensors and graphs of many sizes, round those where the length of a length grows.
  for (const std::int64_t outputs : {1, 4, 9, 10, 11, 12, 13, 500, 1364, 1365, 1366, 1400}) {
    net::Graph graph;
    const net::NodeId x = graph.add("x", net::Input{{3, 4, 4}}, {});
    const net::NodeId w1 = graph.add_constant("w1", Tensor({outputs, 3, 1, 1}));
    const net::NodeId conv = graph.add("conv", net::Conv{}, {x, w1});
    const net::NodeId gap = graph.add("gap", net::GlobalAveragePool{}, {conv});
    const net::NodeId flat = graph.add("flat", net::Flatten{}, {gap});
    const net::NodeId w2 = graph.add_constant("w2", Tensor({outputs, 3}));
    const net::NodeId w3 = graph.add_constant("w3", Tensor({3}));
    graph.set_output(graph.add("fc", net::Gemm{}, {flat, w2, w3}));
    write_onnx(graph, folder / "m.onnx");
    const ImportedModel model = read_onnx(folder / "m.onnx");
    ASSERT_EQ(model.files.size(), 1U);
    for (const net::Node& node : model.graph.nodes()) {
      const auto* constant = std::get_if<net::Constant>(&node.op);
      if (constant == nullptr) continue;
      EXPECT_TRUE(is_mapped(*constant->value, *model.files[0])) << node.name << ", " << outputs;
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(constant->value->data()) % 64, 0U);
    }
  }
}

TEST(OnnxWeights, MisalignedOnesAreCopied) {
  const test::TemporaryFolder folder;
  int mapped = 0;
  for (const std::string producer : {"", "a", "ab", "abc"}) {
    ModelBuilder builder = model_around(TensorProto::FLOAT);
    weights_in(builder).set_raw_data(raw(kValues));
    builder.graph().set_name(builder.graph().name() + producer);
    write_file(folder / "m.onnx", builder.bytes());
    const ImportedModel model = read_onnx(folder / "m.onnx");
    EXPECT_EQ(weights_of(model.graph), kValues);
    const Tensor& weight = *std::get<net::Constant>(model.graph.node(*model.graph.find("w")).op).value;
    mapped += is_mapped(weight, *model.files.at(0)) ? 1 : 0;
  }
  EXPECT_EQ(mapped, 1);
}

TEST(OnnxWeights, AChangedFileIsNoticed) {
  const test::TemporaryFolder folder;
  ModelBuilder builder = model_around(TensorProto::FLOAT);
  weights_in(builder).set_raw_data(raw(kValues));
  write_file(folder / "m.onnx", builder.bytes());
  const ImportedModel model = read_onnx(folder / "m.onnx");
  model.files.at(0)->check_unchanged();
  write_file(folder / "m.onnx", "another file of this name");
  model.files.at(0)->check_unchanged();
  const ImportedModel second = [&] {
    write_file(folder / "m.onnx", builder.bytes());
    return read_onnx(folder / "m.onnx");
  }();
  std::filesystem::last_write_time(folder / "m.onnx",
                                   std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  test::expect_error([&] { second.files.at(0)->check_unchanged(); }, ErrorKind::io, "m.onnx was written to");
}

class ExternalWeights : public testing::Test {
 protected:
  void write_model(const std::string& location, const std::string& offset, const std::string& length,
                   int type = TensorProto::FLOAT) {
    ModelBuilder builder = model_around(type, type == TensorProto::FLOAT ? "w" : "cast w");
    weights_in(builder).set_data_location(TensorProto::EXTERNAL);
    for (const auto& [key, value] :
         {std::pair{"location", location}, {"offset", offset}, {"length", length}}) {
      if (value.empty()) continue;
      auto& entry = *weights_in(builder).add_external_data();
      entry.set_key(key);
      entry.set_value(value);
    }
    make_folder(folder_ / "sub");
    write_file(path(), builder.bytes());
  }
  std::filesystem::path path() const { return folder_ / "sub/m.onnx"; }
  void expect_refused(const std::string& part) {
    test::expect_error([&] { read_onnx(path()); }, ErrorKind::model, part);
  }

  test::TemporaryFolder folder_;
};

TEST_F(ExternalWeights, AreReadAtTheirOffset) {
  write_model("w.bin", "8", "24");
  write_file(folder_ / "sub/w.bin", "12345678" + raw(kValues) + "tail");
  EXPECT_EQ(weights_of(read_onnx(path()).graph), kValues);
  write_model("w.bin", "", "", TensorProto::FLOAT16);
  write_file(folder_ / "sub/w.bin", raw(kHalves));
  EXPECT_EQ(weights_of(read_onnx(path()).graph, "cast w"), kValues);
}

TEST_F(ExternalWeights, TruncatedOrMissingFilesAreNamed) {
  write_model("w.bin", "8", "");
  expect_refused("'w.bin', which cannot be read");
  write_file(folder_ / "sub/w.bin", raw(kValues));
  expect_refused("which is truncated: 24 bytes, expected at least 24 from byte 8 on");
  write_model("w.bin", "0", "20");
  expect_refused("20 bytes, expected 24");
  write_model("w.bin", "-8", "");
  expect_refused("at '-8', expected a number of bytes");
  write_model("w.bin", "18446744073709551600", "");
  expect_refused("truncated");
}

TEST_F(ExternalWeights, NothingOutsideTheFolderIsRead) {
  write_file(folder_ / "secret", raw(kValues));
  write_model("../secret", "", "");
  expect_refused("outside the model's folder");
  write_model("x/../../secret", "", "");
  expect_refused("outside the model's folder");
  write_model((folder_ / "secret").string(), "", "");
  expect_refused("expected a path relative");
  write_model("link", "", "");
  std::filesystem::create_symlink(folder_ / "secret", folder_ / "sub/link");
  expect_refused("outside the model's folder");
  write_model(".", "", "");
  expect_refused("which is not a file");
}

}  // namespace
}  // namespace faultline::formats
