#include <gtest/gtest.h>

#include <array>
#include <charconv>

#include "formats/load_model.h"
#include "heatmap/score.h"
#include "image/decode.h"
#include "image/encode.h"
#include "net/reference.h"
#include "oracles/stored.h"
#include "oracles/worst_errors.h"

namespace faultline::oracles {
namespace {

// The number that a manifest wrote in decimal, which a float holds only nearly.
double as_written(float value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  double written = 0;
  std::from_chars(text.data(), end, written);
  return written;
}

// Pixels k/255 in double, moved so that normalising them with the network's float constants,
//   (scale x' - mean')/std' = (scale x - mean)/std,
// gives what the constants as written would: channel by channel x' = stretch x + shift.
struct ExactInput {
  DoubleTensor pixels;          // [1,3,H,W]: x'
  std::vector<double> stretch;  // [3]: dx'/dx

  ExactInput(TensorView image, const formats::ManifestInput& input)
      : pixels(Shape{1, image.shape()[0], image.shape()[1], image.shape()[2]}) {
    const std::int64_t plane = image.shape().elements(1, 3);
    for (std::int64_t i = 0; i < image.elements(); ++i) {
      const auto c = static_cast<std::size_t>(i / plane);
      // The constants are in the order of the network's channels, the pixels are RGB.
      const std::size_t k = input.bgr ? 2 - c : c;
      const double scale = double{input.scale};
      const double ratio = double{input.std[k]} / as_written(input.std[k]);
      const double shift = (double{input.mean[k]} - ratio * as_written(input.mean[k])) / scale;
      pixels[i] = ratio * to_level(image[i], 255) / 255.0 + shift;
      if (stretch.size() == c) stretch.push_back(ratio);
    }
  }
};

// The reference kernels in double on exact input: nothing is rounded but what is stored, figures to twelve
// digits and samples to float.
constexpr double kExact = 1e-11;
constexpr double kStoredAsFloat = 0x1p-24;

class Specification : public ::testing::TestWithParam<const char*> {};

void check(WorstErrors& errors, const std::string& kind, const std::string& where, DoubleTensorView found,
           const StoredTensor& stored) {
  errors.check(kind + " (norm, sum)", where, moments_error(found, stored), kExact);
  errors.check(kind + " (stored as float)", where, sample_error(found, stored), kStoredAsFloat);
}

void compare(const formats::Model& model, const StoredImage& stored, WorstErrors& errors) {
  const ExactInput input(read_image(stored.input).pixels, model.manifest.input);
  const auto values = net::evaluate<double>(model.graph, input.pixels);
  const DoubleTensor& logits = values[static_cast<std::size_t>(model.graph.output())];
  errors.check("logits", stored.name, relative_l2(logits, stored.logits), kExact);
  const auto seed = heatmap::class_score(logits, {.clean_class = stored.class_index}).logit_gradients;
  auto gradients = net::differentiate<double>(model.graph, std::span<const DoubleTensor>(values), seed);
  ASSERT_EQ(model.map.layers.size(), stored.layers.size());
  for (std::size_t i = 0; i < stored.layers.size(); ++i) {
    const auto node = static_cast<std::size_t>(model.map.layers[i].post_activation);
    const std::string where = stored.name + ", " + stored.layers[i].name;
    check(errors, "activations", where, values[node], stored.layers[i].activation);
    check(errors, "gradients", where, gradients[node], stored.layers[i].gradient);
  }
  DoubleTensor& image_gradient = gradients[static_cast<std::size_t>(model.graph.input())];
  const std::int64_t plane = image_gradient.elements() / 3;
  for (std::int64_t i = 0; i < image_gradient.elements(); ++i) {
    image_gradient[i] *= input.stretch[static_cast<std::size_t>(i / plane)];
  }
  check(errors, "image gradient", stored.name, image_gradient, stored.image_gradient);
}

TEST_P(Specification, OfTheOperatorsIsWhatPyTorchComputes) {
  const StoredModel stored = stored_model(GetParam());
  const formats::Model model = formats::load_model(stored.model);
  WorstErrors errors;
  for (const StoredImage& image : stored.images) compare(model, image, errors);
  errors.print(std::string(GetParam()) + " by the reference kernels on exact input, largest relative L2");
}

INSTANTIATE_TEST_SUITE_P(EmbeddedModels, Specification,
                         ::testing::Values("vgg16-slim-imagenette", "squeezenet1.0"));

}  // namespace
}  // namespace faultline::oracles
