#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "formats/load_model.h"
#include "heatmap/question.h"
#include "study/input_image.h"

namespace faultline::study {

// Pictures, each with the question why the network predicts of it what it does: what checks of heatmap
// methods ask.
struct PredictionQuestions {
  std::vector<Tensor> pictures;              // [1,3,H,W] each
  std::vector<heatmap::Question> questions;  // of the class of the largest logit; they refer to the pictures
};

// Costs one forward pass an image. The images, whose hashes are the questions' keys, must outlive the result.
PredictionQuestions prediction_questions(const formats::Model& model, const std::vector<InputImage>& images,
                                         const engine::Engine& engine, std::uint64_t seed);

// Where checks let heatmaps of layers live: at the layer of that name, or the network's last if it is empty.
// Throws Error{usage} for an unknown one, Error{model} if there is none.
const net::Layer& layer_or_last(const formats::Model& model, const std::string& name);

}  // namespace faultline::study
