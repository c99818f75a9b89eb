#include "formats/vgg.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "base/error.h"
#include "base/parallel.h"
#include "base/philox.h"

namespace faultline::formats {

namespace {

constexpr int kBlocks = 5;
constexpr std::array<int, kBlocks> kChannels = {64, 128, 256, 512, 512};
constexpr int kDense = 4096;

struct Configuration {
  int layers;
  std::array<int, kBlocks> convolutions;  // of each block
};

constexpr Configuration kConfigurations[] = {
    {11, {1, 1, 2, 2, 2}}, {13, {2, 2, 2, 2, 2}}, {16, {2, 2, 3, 3, 3}}, {19, {2, 2, 4, 4, 4}}};

const Configuration& find_configuration(int layers) {
  for (const Configuration& configuration : kConfigurations) {
    if (configuration.layers == layers) return configuration;
  }
  throw Error(ErrorKind::usage,
              "VGG-" + std::to_string(layers) + " does not exist, expected 11, 13, 16 or 19 layers");
}

void check(const VggOptions& options) {
  const auto refuse = [](const std::string& what) { throw Error(ErrorKind::usage, what); };
  if (!(options.width > 0 && options.width <= 4))
    refuse("width " + std::to_string(options.width) + ", expected more than 0, at most 4");
  if (options.classes < 2 || options.classes > 100'000)
    refuse(std::to_string(options.classes) + " classes, expected 2 to 100000");
  if (options.input_size < 32 || options.input_size > 1024 || options.input_size % 32 != 0) {
    refuse("input size " + std::to_string(options.input_size) + ", expected a multiple of 32 up to 1024");
  }
}

class Builder {
 public:
  explicit Builder(const VggOptions& options)
      : options_(options), prefix_("vgg" + std::to_string(options.layers) + "/") {
    check(options);
    last_ = graph_.add("image", net::Input{Shape{3, options.input_size, options.input_size}}, {});
  }

  void block(int index, int convolutions) {
    const std::string name = "block" + std::to_string(index + 1);
    const std::int64_t out = scaled(kChannels[static_cast<std::size_t>(index)]);
    for (int i = 1; i <= convolutions; ++i) {
      weighted(name + "_conv" + std::to_string(i), net::Conv{.pads = {1, 1, 1, 1}}, Shape{out, width_, 3, 3});
      relu();
      width_ = out;
    }
    last_ = graph_.add(name + "_pool", net::MaxPool{.kernel = {2, 2}, .strides = {2, 2}}, {last_});
  }

  net::Graph finish() {
    const std::int64_t side = options_.input_size / 32;
    width_ *= side * side;
    last_ = graph_.add("flatten", net::Flatten{}, {last_});
    dense("fc1", scaled(kDense));
    relu();
    dense("fc2", scaled(kDense));
    relu();
    dense("predictions", options_.classes);
    graph_.set_output(last_);
    return std::move(graph_);
  }

 private:
  std::int64_t scaled(int channels) const { return std::max(1L, std::lround(channels * options_.width)); }

  void dense(const std::string& name, std::int64_t out) {
    weighted(name, net::Gemm{.transpose_b = true}, Shape{out, width_});
    width_ = out;
  }

  void weighted(const std::string& name, const net::Operator& op, const Shape& shape) {
    // ONNX holds 2 GiB in one file.
    if (shape.elements() > (1LL << 29))
      throw Error(ErrorKind::usage,
                  "width and input size make " + name + " larger than an ONNX file can hold");
    const net::NodeId weight = graph_.add_constant(name + ".weight", he_normal(name + ".weight", shape));
    const net::NodeId bias = graph_.add_constant(name + ".bias", Tensor(Shape{shape[0]}));
    last_ = graph_.add(name, op, {last_, weight, bias});
  }

  void relu() { last_ = graph_.add(graph_.node(last_).name + "_relu", net::Relu{}, {last_}); }

  Tensor he_normal(const std::string& name, const Shape& shape) const {
    const RandomStream stream(options_.seed, prefix_ + name);
    const double deviation = std::sqrt(2.0 / static_cast<double>(shape.elements(1, shape.rank())));
    Tensor tensor = Tensor::uninitialised(shape);
    parallel_for(tensor.elements(), [&](std::int64_t i) {
      tensor[i] = static_cast<float>(deviation * stream.normal(static_cast<std::uint64_t>(i)));
    });
    return tensor;
  }

  const VggOptions& options_;
  std::string prefix_;
  net::Graph graph_;
  net::NodeId last_ = -1;
  std::int64_t width_ = 3;  // of the last value: channels, then features
};

}  // namespace

net::Graph build_vgg(const VggOptions& options) {
  const Configuration& configuration = find_configuration(options.layers);
  Builder builder(options);
  for (int block = 0; block < kBlocks; ++block) {
    builder.block(block, configuration.convolutions[static_cast<std::size_t>(block)]);
  }
  return builder.finish();
}

}  // namespace faultline::formats
