#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>

#include "study/accuracy.h"

namespace faultline::study {
namespace {

// What --precision fast promises (docs/accuracy.md), on embedded pictures of which no ReLU or pooling winner
// stands on the edge (docs/oracles.md): there a jump says nothing about precision. 3bd1ba0432603b28 and
// b11fa0f292c0178f are flat: 69 % and 46 % of their pixels equal their right and lower neighbours.
struct Case {
  const char* model;
  std::vector<const char*> pictures;
};

void PrintTo(const Case& of, std::ostream* out) {
  *out << of.model;
}

class AccuracyOfModels : public testing::TestWithParam<Case> {};

TEST_P(AccuracyOfModels, OfF32AndFastKeepsEveryHeatmapAndClass) {
  const formats::Model model =
      formats::load_model(FAULTLINE_SOURCE_DIR "/models/" + std::string(GetParam().model) + ".onnx");
  std::vector<InputImage> pictures;
  for (const char* name : GetParam().pictures)
    pictures.push_back(load_input(FAULTLINE_SOURCE_DIR "/images/" + std::string(name), model.manifest));
  const Accuracy accuracy = measure_accuracy(
      model, pictures, {.precisions = {engine::Precision::f32, engine::Precision::fast}}, {});
  for (const PrecisionAccuracy& of : accuracy.precisions) {
    SCOPED_TRACE(engine::name_of(of.precision));
    EXPECT_EQ(accuracy.changed_classes(of), 0U);
    EXPECT_LT(of.logits.worst(), 1e-5);
    EXPECT_EQ(agreeing_attacks(of.attack, accuracy.precisions[0].attack), pictures.size());
    EXPECT_EQ(of.attack.success, of.attack.reference_success);
    for (const LayerAccuracy& layer : of.layers) {
      SCOPED_TRACE(layer.name);
      EXPECT_LT(layer.activation.worst(), 1e-5);
      for (const Errors& map : layer.heatmaps) EXPECT_LE(map.worst(), 1 - 0.9999);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Embedded, AccuracyOfModels,
    testing::Values(Case{"vgg16-slim-imagenette",
                         {"imagenette/9ee13ecd8d6727c0.jpg", "imagenette/f5b0ed0fbb3b5f74.jpg",
                          "street/3bd1ba0432603b28.jpg", "imagenette/b11fa0f292c0178f.jpg"}},
                    Case{"squeezenet1.0",
                         {"imagenette/74dbbe535861d709.jpg", "street/96e77c20bf94ecb1.jpg",
                          "street/3bd1ba0432603b28.jpg"}}));

}  // namespace
}  // namespace faultline::study
