#include "study/prediction_questions.h"

#include "base/error.h"
#include "tensor/argmax.h"

namespace faultline::study {

PredictionQuestions prediction_questions(const formats::Model& model, const std::vector<InputImage>& images,
                                         const engine::Engine& engine, std::uint64_t seed) {
  PredictionQuestions asked;
  const auto plan = engine.compile(model.graph, {});
  for (const InputImage& image : images) asked.pictures.push_back(stack({&image.pixels, 1}));
  for (std::size_t i = 0; i < images.size(); ++i) {
    const auto pass = plan->forward(asked.pictures[i]);
    const int predicted = argmax(pass->logits().row(0).values());
    asked.questions.push_back({.image = asked.pictures[i],
                               .key = images[i].sha256,
                               .classes = {.clean_class = predicted, .other_class = predicted == 0 ? 1 : 0},
                               .seed = seed});
  }
  return asked;
}

const net::Layer& layer_or_last(const formats::Model& model, const std::string& name) {
  if (!name.empty()) return model.map.layer(name);
  if (model.map.layers.empty()) throw Error(ErrorKind::model, "the network has no convolution to explain");
  return model.map.layers.back();
}

}  // namespace faultline::study
