#include "compare/reach.h"

#include <algorithm>

namespace faultline::compare {

std::vector<int> rival_classes(DoubleTensorView clean_logits, const heatmap::ClassPair& classes) {
  require(clean_logits.elements() >= 2, "rival_classes: at least two classes");
  std::vector<int> others;
  for (int j = 0; j < static_cast<int>(clean_logits.elements()); ++j) {
    if (j != classes.clean_class) others.push_back(j);
  }
  std::ranges::stable_sort(others, [&](int a, int b) { return clean_logits[a] > clean_logits[b]; });
  constexpr std::size_t kNearest = 4;  // the runner-up and the next three
  std::vector<int> rivals = {classes.other_class};
  for (const int other : std::span(others).first(std::min(kNearest, others.size()))) {
    if (other != classes.other_class) rivals.push_back(other);
  }
  return rivals;
}

engine::Seeds rival_margins(std::int64_t classes, int clean_class, std::span<const int> rivals, int row) {
  engine::Seeds seeds;
  seeds.logit_gradients = DoubleTensor(Shape{std::ssize(rivals), classes});
  for (std::size_t i = 0; i < rivals.size(); ++i) {
    const auto gradient = seeds.logit_gradients.row(static_cast<std::int64_t>(i));
    gradient[clean_class] += 1;
    gradient[rivals[i]] -= 1;
    seeds.rows.push_back(row);
  }
  return seeds;
}

Measured reach(std::span<const double> gaps, std::span<const double> gradient_norms) {
  require(gaps.size() == gradient_norms.size(), "reach: a gap and a norm for each rival");
  Measured least;
  for (std::size_t j = 0; j < gaps.size(); ++j) {
    const Measured distance = quotient(gaps[j], gradient_norms[j]);
    if (distance && (!least || *distance < *least)) least = distance;
  }
  return least;
}

}  // namespace faultline::compare
