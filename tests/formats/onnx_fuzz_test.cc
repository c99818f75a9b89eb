// Damaged and hostile files end in one line that names the file, and in nothing else.

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "base/files.h"
#include "base/philox.h"
#include "expect_error.h"
#include "formats/onnx_import.h"
#include "model_builder.h"

namespace faultline::formats {
namespace {

using test::ModelBuilder;

// Weights, a shape computation, pads, and a pooling: a little of everything that is parsed.
std::string small_model() {
  ModelBuilder builder(13);
  builder.input("x", {-1, 3, 8, 8})
      .weights("w", {2, 3, 3, 3})
      .weights("b", {2})
      .integers("zero", {1}, {0})
      .integers("rest", {1}, {-1});
  builder.node("Conv", "conv", {"x", "w", "b"}, {"c"})
      .with("pads", ModelBuilder::Extents{1, 1, 1, 1})
      .with("group", std::int64_t{1});
  builder.node("MaxPool", "pool", {"c"}, {"p"})
      .with("kernel_shape", ModelBuilder::Extents{2, 2})
      .with("strides", ModelBuilder::Extents{2, 2});
  builder.node("Shape", "shape", {"p"}, {"s"})
      .node("Gather", "n", {"s", "zero"}, {"n"})
      .node("Concat", "dims", {"n", "rest"}, {"d"})
      .with("axis", std::int64_t{0});
  builder.node("Reshape", "view", {"p", "d"}, {"v"}).weights("f", {4, 32}).weights("fb", {4});
  builder.node("Gemm", "fc", {"v", "f", "fb"}, {"g"})
      .with("transB", std::int64_t{1})
      .node("Softmax", "prob", {"g"}, {"y"})
      .with("axis", std::int64_t{-1});
  return builder.output("y").bytes();
}

enum class Outcome { imported, refused };

// Any other exception, a crash or a hang fails the test.
Outcome import(const std::string& bytes, const std::string& what) {
  try {
    parse_onnx_model(bytes, "hostile.onnx");
    return Outcome::imported;
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_TRUE(error.kind() == ErrorKind::model || error.kind() == ErrorKind::unsupported)
        << what << ": " << message;
    EXPECT_EQ(message.rfind("hostile.onnx: ", 0), 0U) << what << ": " << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << what << ": " << message;
    return Outcome::refused;
  } catch (const std::exception& other) {
    ADD_FAILURE() << what << ": " << other.what();
    return Outcome::refused;
  }
}

TEST(OnnxFuzz, FlippedBytes) {
  const std::string model = small_model();
  ASSERT_EQ(import(model, "undamaged"), Outcome::imported);
  const RandomStream random(1, "flips");
  int refused = 0;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    std::string damaged = model;
    const std::uint64_t flips = 1 + random.below(10 * i, 3);
    for (std::uint64_t k = 0; k < flips; ++k) {
      damaged[random.below(10 * i + 1 + 2 * k, damaged.size())] =
          static_cast<char>(random.below(10 * i + 2 + 2 * k, 256));
    }
    refused += import(damaged, "flips " + std::to_string(i)) == Outcome::refused ? 1 : 0;
  }
  EXPECT_GT(refused, 500);  // the rest hit weights and names
}

TEST(OnnxFuzz, TruncatedAnywhere) {
  const std::string model = small_model();
  for (std::size_t length = 0; length < model.size(); ++length) {
    // A cut between the fields of the outermost message leaves a valid one, with the graph or without.
    if (import(model.substr(0, length), "cut at " + std::to_string(length)) == Outcome::imported) {
      EXPECT_GT(length, model.size() - 8) << "cut at " << length;
    }
  }
}

TEST(OnnxFuzz, Garbage) {
  const RandomStream random(2, "garbage");
  for (std::uint64_t i = 0; i < 300; ++i) {
    std::string bytes(random.below(1000 * i, 400), '\0');
    for (std::size_t k = 0; k < bytes.size(); ++k)
      bytes[k] = static_cast<char>(random.below(1000 * i + 1 + k, 256));
    EXPECT_EQ(import(bytes, "garbage " + std::to_string(i)), Outcome::refused);
  }
  EXPECT_EQ(import("", "nothing"), Outcome::refused);
  EXPECT_EQ(import("{\"faultline_manifest\": 1}", "JSON"), Outcome::refused);
}

TEST(OnnxFuzz, TheEmbeddedModelDamaged) {
  const std::string model = read_file(std::string(FAULTLINE_SOURCE_DIR) + "/models/squeezenet1.0.onnx");
  const RandomStream random(3, "embedded");
  for (std::uint64_t i = 0; i < 12; ++i) {
    std::string damaged = model;
    for (std::uint64_t k = 0; k < 64; ++k)
      damaged[random.below(200 * i + 2 * k, damaged.size())] =
          static_cast<char>(random.below(200 * i + 2 * k + 1, 256));
    import(damaged, "embedded " + std::to_string(i));
    EXPECT_EQ(import(model.substr(0, random.below(200 * i + 199, model.size())), "cut " + std::to_string(i)),
              Outcome::refused);
  }
}

void refused(const ModelBuilder& builder, const std::string& part) {
  test::expect_error([&] { parse_onnx_model(builder.bytes(), "hostile.onnx"); }, ErrorKind::model, part);
}

TEST(OnnxFuzz, AbsurdExtents) {
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  ModelBuilder overflowing;
  overflowing.input("x", {-1, 3, 8, 8}).tensor("w", {kHuge, 4, 1, 1}, onnx::TensorProto::FLOAT);
  refused(overflowing.node("Conv", "c", {"x", "w"}, {"y"}).output("y"), "out of range");
  ModelBuilder product;
  product.input("x", {-1, 3, 8, 8}).tensor("w", {1 << 30, 1 << 30, 1, 1}, onnx::TensorProto::FLOAT);
  refused(product.node("Conv", "c", {"x", "w"}, {"y"}).output("y"), "too large for any model");
  ModelBuilder negative;
  negative.input("x", {-1, 3, 8, 8}).tensor("w", {-2, 3}, onnx::TensorProto::FLOAT);
  refused(negative.node("MatMul", "c", {"x", "w"}, {"y"}).output("y"), "tensor 'w' has the shape [-2, 3]");
  refused(ModelBuilder().input("x", {-1, 3, kHuge, 8}).node("Relu", "r", {"x"}, {"y"}).output("y"),
          "expected at most 65536");
  ModelBuilder filled;
  filled.input("x", {-1, 3, 8, 8})
      .integers("n", {2}, {1 << 20, 1 << 20})
      .node("ConstantOfShape", "fill", {"n"}, {"c"});
  refused(filled.node("Add", "a", {"x", "c"}, {"y"}).output("y"), "too large");
}

TEST(OnnxFuzz, DoublingConstantsStopEarly) {
  ModelBuilder builder;
  builder.input("x", {-1, 3, 8, 8}).integers("v0", {2}, {1, 2});
  for (int i = 0; i < 60; ++i) {
    const std::string from = "v" + std::to_string(i);
    builder.node("Concat", "c" + std::to_string(i), {from, from}, {"v" + std::to_string(i + 1)})
        .with("axis", std::int64_t{0});
  }
  refused(builder.node("Reshape", "r", {"x", "v60"}, {"y"}).output("y"), "too large");
}

TEST(OnnxFuzz, TooManyNodes) {
  ModelBuilder builder;
  builder.input("x", {-1, 3, 8, 8});
  for (int i = 0; i <= 20'000; ++i) builder.node("Relu", "r", {"x"}, {"y" + std::to_string(i)});
  refused(builder.output("y0"), "expected at most 20000");
}

TEST(OnnxFuzz, NamesCannotBreakTheLine) {
  ModelBuilder builder;
  builder.input("x", {-1, 3, 8, 8}).node("Relu", "evil\n\x1b[31mname", {"gone"}, {"y"});
  test::expect_error([&] { parse_onnx_model(builder.output("y").bytes(), "m"); }, ErrorKind::model,
                     "evil??[31mname");
  ModelBuilder loud;
  loud.input("x", {-1, 3, 8, 8}).node("Relu", std::string(1 << 20, 'n'), {"gone"}, {"y"});
  try {
    parse_onnx_model(loud.output("y").bytes(), "m");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).size(), 2000U);
  }
}

}  // namespace
}  // namespace faultline::formats
