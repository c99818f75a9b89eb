#include "heatmap/score.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/named.h"
#include "tensor/argmax.h"

namespace faultline::heatmap {
namespace {

engine::Seeds zero_seeds(const DoubleTensor& logits) {
  require(logits.shape().rank() == 2 && logits.shape()[1] > 0, "score: logits [N,K]");
  return {.logit_gradients = DoubleTensor(logits.shape()), .rows = {}};
}

void add_at(engine::Seeds& seeds, std::int64_t row, int class_index, double value) {
  const std::int64_t classes = seeds.logit_gradients.shape()[1];
  require(class_index >= 0 && class_index < classes, "score: class out of range");
  seeds.logit_gradients[row * classes + class_index] += value;
}

void set_probability_gradient(DoubleTensorView logits, int class_index, MutableDoubleTensorView gradient) {
  require(class_index >= 0 && class_index < logits.elements(), "score: class out of range");
  const double largest = *std::ranges::max_element(logits.values());
  double total = 0;
  for (const double logit : logits.values()) total += std::exp(logit - largest);
  const double probability = std::exp(logits[class_index] - largest) / total;
  for (std::int64_t j = 0; j < logits.elements(); ++j) {
    gradient[j] = -probability * std::exp(logits[j] - largest) / total;
  }
  gradient[class_index] += probability;
}

}  // namespace

engine::Seeds class_score(const DoubleTensor& logits, const ClassPair& classes) {
  engine::Seeds seeds = zero_seeds(logits);
  for (std::int64_t row = 0; row < logits.shape()[0]; ++row) add_at(seeds, row, classes.clean_class, 1);
  return seeds;
}

engine::Seeds margin_score(const DoubleTensor& logits, const ClassPair& classes) {
  engine::Seeds seeds = class_score(logits, classes);
  for (std::int64_t row = 0; row < logits.shape()[0]; ++row) add_at(seeds, row, classes.other_class, -1);
  return seeds;
}

engine::Seeds own_score(const DoubleTensor& logits, const ClassPair& /*classes*/) {
  engine::Seeds seeds = zero_seeds(logits);
  for (std::int64_t row = 0; row < logits.shape()[0]; ++row) {
    add_at(seeds, row, argmax(logits.row(row).values()), 1);
  }
  return seeds;
}

engine::Seeds probability_score(const DoubleTensor& logits, const ClassPair& classes) {
  engine::Seeds seeds = zero_seeds(logits);
  for (std::int64_t row = 0; row < logits.shape()[0]; ++row) {
    set_probability_gradient(logits.row(row), classes.clean_class, seeds.logit_gradients.row(row));
  }
  return seeds;
}

std::span<const Score> scores() {
  static constexpr std::array kScores = {
      Score{"class", "the logit of the clean image's class", class_score},
      Score{"margin", "that logit less the one of the class it is confused with", margin_score},
      Score{"own", "the logit of each input's own prediction", own_score},
      Score{"probability", "the probability of the clean image's class", probability_score},
  };
  return kScores;
}

const Score& score(std::string_view name) {
  return named(scores(), name, "score");
}

}  // namespace faultline::heatmap
