#include "attack/resize_pad.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"

namespace faultline::attack {

namespace {

// Where a value of the small image comes from along one axis: two values of the large one and the share of
// the second.
struct Tap {
  std::int64_t first = 0;
  std::int64_t second = 0;
  double share = 0;
};

std::vector<Tap> taps(std::int64_t from, int to) {
  std::vector<Tap> all;
  for (int i = 0; i < to; ++i) {
    const double centre = std::max(0.0, (i + 0.5) * static_cast<double>(from) / to - 0.5);
    const auto first = static_cast<std::int64_t>(centre);
    all.push_back({first, std::min(first + 1, from - 1), centre - static_cast<double>(first)});
  }
  return all;
}

// Calls use(index of the padded image, index of the image, weight) for every non-zero element of the map.
template <class Use>
void for_each_weight(const ResizePad& map, const Shape& shape, const Use& use) {
  const std::int64_t height = shape[1];
  const std::int64_t width = shape[2];
  const std::vector<Tap> rows = taps(height, map.height);
  const std::vector<Tap> columns = taps(width, map.width);
  for (std::int64_t c = 0; c < shape[0]; ++c) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = 0; j < columns.size(); ++j) {
        const auto y = static_cast<std::int64_t>(i) + map.top;
        const auto x = static_cast<std::int64_t>(j) + map.left;
        const std::int64_t at = (c * height + y) * width + x;
        const std::int64_t above = (c * height + rows[i].first) * width;
        const std::int64_t below = (c * height + rows[i].second) * width;
        const double v = rows[i].share;
        const double h = columns[j].share;
        use(at, above + columns[j].first, (1 - v) * (1 - h));
        use(at, above + columns[j].second, (1 - v) * h);
        use(at, below + columns[j].first, v * (1 - h));
        use(at, below + columns[j].second, v * h);
      }
    }
  }
}

int between(std::int64_t size, double least_scale, double u) {
  const auto least = std::max(1.0, std::floor(least_scale * static_cast<double>(size)));
  return static_cast<int>(least + std::floor(u * (static_cast<double>(size) - least)));
}

void store(const std::vector<double>& sums, MutableTensorView result) {
  for (std::size_t i = 0; i < sums.size(); ++i)
    result[static_cast<std::int64_t>(i)] = static_cast<float>(sums[i]);
}

}  // namespace

ResizePad random_resize_pad(const Shape& image, double least_scale, const RandomStream& stream) {
  require(image.rank() == 3, "random_resize_pad: expected [C,H,W]");
  const double u = stream.uniform(1);
  ResizePad map{between(image[1], least_scale, u), between(image[2], least_scale, u)};
  map.top = static_cast<int>(stream.below(2, static_cast<std::uint64_t>(image[1] - map.height + 1)));
  map.left = static_cast<int>(stream.below(3, static_cast<std::uint64_t>(image[2] - map.width + 1)));
  return map;
}

void apply(const ResizePad& map, TensorView image, MutableTensorView result) {
  require(image.shape() == result.shape(), "ResizePad: shapes differ");
  std::vector<double> sums(image.values().size(), 0.0);
  for_each_weight(map, image.shape(), [&](std::int64_t at, std::int64_t from, double weight) {
    sums[static_cast<std::size_t>(at)] += weight * static_cast<double>(image[from]);
  });
  store(sums, result);
}

void apply_transposed(const ResizePad& map, TensorView gradient, MutableTensorView result) {
  require(gradient.shape() == result.shape(), "ResizePad: shapes differ");
  std::vector<double> sums(gradient.values().size(), 0.0);
  for_each_weight(map, gradient.shape(), [&](std::int64_t at, std::int64_t from, double weight) {
    sums[static_cast<std::size_t>(from)] += weight * static_cast<double>(gradient[at]);
  });
  store(sums, result);
}

}  // namespace faultline::attack
