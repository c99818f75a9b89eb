#include "compare/class_probability.h"

#include <algorithm>

#include "base/error.h"
#include "tensor/softmax.h"

namespace faultline::compare {

namespace {

constexpr std::int64_t kBatch = 16;

}  // namespace

std::vector<double> class_probabilities(engine::Plan& plan, const Shape& sample_shape, int class_index,
                                        std::int64_t count, const WriteVersion& write) {
  Tensor versions(sample_shape.stacked(std::min(kBatch, count)));
  std::vector<double> probabilities;
  for (std::int64_t first = 0; first < count; first += kBatch) {
    const std::int64_t rows = std::min(kBatch, count - first);
    for (std::int64_t row = 0; row < rows; ++row) write(first + row, versions.row(row));
    const auto pass = plan.forward(versions.rows(0, rows));
    require(class_index >= 0 && class_index < pass->logits().shape()[1],
            "class_probabilities: no such class");
    for (std::int64_t row = 0; row < rows; ++row)
      probabilities.push_back(softmax(pass->logits().row(row))[static_cast<std::size_t>(class_index)]);
  }
  return probabilities;
}

}  // namespace faultline::compare
