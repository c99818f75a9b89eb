#include "heatmap/score.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/named.h"
#include "tensor/argmax.h"
#include "tensor/softmax.h"

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

using Seed = engine::Seeds (*)(const DoubleTensor& logits, const ClassPair& classes);

DoubleTensor probabilities(const DoubleTensor& logits) {
  DoubleTensor result(logits.shape());
  for (std::int64_t row = 0; row < logits.shape()[0]; ++row) {
    std::ranges::copy(softmax(logits.row(row)), result.row(row).data());
  }
  return result;
}

std::vector<double> dots(const DoubleTensor& a, const DoubleTensor& b) {
  std::vector<double> result;
  for (std::int64_t row = 0; row < a.shape()[0]; ++row) {
    const auto left = a.row(row).values();
    result.push_back(std::inner_product(left.begin(), left.end(), b.row(row).values().begin(), 0.0));
  }
  return result;
}

// s = <w, z>, w the seed.
template <Seed kSeed>
std::vector<double> linear_values(const DoubleTensor& logits, const ClassPair& classes) {
  return dots(kSeed(logits, classes).logit_gradients, logits);
}

// s = <w, p>.
template <Seed kSeed>
std::vector<double> probability_values(const DoubleTensor& logits, const ClassPair& classes) {
  return dots(kSeed(logits, classes).logit_gradients, probabilities(logits));
}

// ds/dz_j = sum_i w_i p_i ([i = j] - p_j).
template <Seed kSeed>
engine::Seeds probability_seeds(const DoubleTensor& logits, const ClassPair& classes) {
  engine::Seeds seeds = kSeed(logits, classes);
  const DoubleTensor p = probabilities(logits);
  const std::vector<double> means = dots(seeds.logit_gradients, p);
  for (std::int64_t i = 0; i < p.elements(); ++i) {
    const auto row = static_cast<std::size_t>(i / p.shape()[1]);
    seeds.logit_gradients[i] = p[i] * (seeds.logit_gradients[i] - means[row]);
  }
  return seeds;
}

constexpr Score kProbability{"probability", "the probability of the clean image's class",
                             probability_seeds<class_score>, probability_values<class_score>};
constexpr Score kProbabilityMargin{"probability margin", "the margin of probabilities",
                                   probability_seeds<margin_score>, probability_values<margin_score>};
constexpr Score kOwnProbability{"own probability", "the probability of each input's own prediction",
                                probability_seeds<own_score>, probability_values<own_score>};

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
  return kProbability.seeds(logits, classes);
}

const Score& Score::as_probability() const {
  if (seeds == margin_score) return kProbabilityMargin;
  if (seeds == own_score) return kOwnProbability;
  return kProbability;
}

std::span<const Score> scores() {
  static constexpr std::array kScores = {
      Score{"class", "the logit of the clean image's class", class_score, linear_values<class_score>},
      Score{"margin", "that logit less the one of the class it is confused with", margin_score,
            linear_values<margin_score>},
      Score{"own", "the logit of each input's own prediction", own_score, linear_values<own_score>},
      Score{kProbability.name, kProbability.description, probability_score, kProbability.values},
  };
  return kScores;
}

const Score& score(std::string_view name) {
  return named(scores(), name, "score");
}

}  // namespace faultline::heatmap
