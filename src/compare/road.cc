#include "compare/road.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/parallel.h"
#include "compare/class_probability.h"
#include "compare/noisy_linear_imputation.h"
#include "compare/relevance_order.h"

namespace faultline::compare {

Road road(engine::Plan& plan, TensorView image, TensorView relevance, int class_index,
          const RoadOptions& options, std::uint64_t seed, const std::string& key) {
  require(image.shape().rank() == 3 && relevance.shape() == image.shape().without_leading(),
          "road: the map must have the image's size");
  const std::vector<std::int64_t> order = relevance_order(relevance);
  const auto pixels = static_cast<double>(order.size());
  const std::vector<double>& shares = options.shares;
  const auto count = std::ssize(shares);
  // Versions 2 i and 2 i + 1: the most and the least relevant pixels removed.
  std::vector<Tensor> versions(static_cast<std::size_t>(2 * count));
  parallel_for(2 * count, [&](std::int64_t i) {
    const double share = shares[static_cast<std::size_t>(i / 2)];
    require(share > 0 && share < 1, "road: a share must be between 0 and 1");
    const auto removed = std::min(static_cast<std::size_t>(std::lround(share * pixels)), order.size() - 1);
    const std::span<const std::int64_t> all(order);
    const bool most = i % 2 == 0;
    const RandomStream stream(seed, key + (most ? "/road=most/" : "/road=least/") + std::to_string(removed));
    versions[static_cast<std::size_t>(i)] =
        impute(image, most ? all.first(removed) : all.last(removed), options.noise, stream);
  });
  const std::vector<double> probabilities = class_probabilities(
      plan, image.shape(), class_index, 2 * count, [&](std::int64_t i, MutableTensorView version) {
        std::ranges::copy(versions[static_cast<std::size_t>(i)].values(), version.data());
      });
  Road result;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    result.shares.push_back(shares[i]);
    result.most_first.push_back(probabilities[2 * i]);
    result.least_first.push_back(probabilities[2 * i + 1]);
    result.combined += (probabilities[2 * i + 1] - probabilities[2 * i]) / 2 / static_cast<double>(count);
  }
  return result;
}

}  // namespace faultline::compare
