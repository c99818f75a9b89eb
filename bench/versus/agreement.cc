#include "versus/agreement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "tensor/npy.h"

namespace faultline::bench {

namespace {

void check_classes(std::span<const int> classes, const std::filesystem::path& folder) {
  const Tensor theirs = read_npy(folder / "classes.npy");
  require(theirs.elements() == std::ssize(classes), "check_classes: another number of images");
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto expected = static_cast<int>(theirs[static_cast<std::int64_t>(i)]);
    if (classes[i] != expected) {
      throw Error(ErrorKind::model, fmt::format("image {}: faultline answers class {}, PyTorch class {}", i,
                                                classes[i], expected));
    }
  }
}

// |a - b| / |b|, and the largest difference relative to the largest value.
struct Difference {
  double l2 = 0;
  double peak = 0;
};

Difference difference(DoubleTensorView a, DoubleTensorView b) {
  double squares = 0;
  double wrong = 0;
  double largest = 0;
  double most = 0;
  for (std::int64_t i = 0; i < a.elements(); ++i) {
    const double d = a[i] - b[i];
    squares += b[i] * b[i];
    wrong += d * d;
    largest = std::max(largest, std::abs(b[i]));
    most = std::max(most, std::abs(d));
  }
  if (largest == 0) return {most > 0 ? 1.0 : 0.0, most > 0 ? 1.0 : 0.0};
  return {std::sqrt(wrong / squares), most / largest};
}

std::int64_t count_equal(TensorView a, TensorView b, double tolerance) {
  require(a.shape() == b.shape(), "count_equal: another shape");
  std::int64_t equal = 0;
  for (std::int64_t i = 0; i < a.elements(); ++i)
    equal += std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])) < tolerance ? 1 : 0;
  return equal;
}

}  // namespace

std::string compare_maps(std::span<const DoubleTensor> maps, std::span<const int> classes,
                         const std::filesystem::path& folder) {
  constexpr double kTolerance = 1e-2;
  check_classes(classes, folder);
  Difference most;
  for (std::size_t layer = 0; layer < maps.size(); ++layer) {
    const DoubleTensor theirs = read_npy_double(folder / fmt::format("maps_{}.npy", layer));
    require(theirs.shape() == maps[layer].shape(), "compare_maps: another shape");
    for (std::int64_t row = 0; row < theirs.shape()[0]; ++row) {
      const Difference found = difference(maps[layer].row(row), theirs.row(row));
      most = {std::max(most.l2, found.l2), std::max(most.peak, found.peak)};
    }
  }
  if (!(most.l2 <= kTolerance)) {
    throw Error(ErrorKind::model, fmt::format("heatmaps differ by {:.2g} (relative L2), expected at most {}",
                                              most.l2, kTolerance));
  }
  return fmt::format(
      "classes equal; of {} x {} heatmaps the worst differs by {:.1e} (relative L2), no value by more than "
      "{:.1e} of the "
      "map's largest",
      maps.size(), classes.size(), most.l2, most.peak);
}

std::string compare_attacks(std::span<const attack::AttackedImage> attacked, double share,
                            const std::filesystem::path& folder) {
  constexpr double kTolerance = 1e-6;
  constexpr double kLossTolerance = 0.05;
  std::vector<int> classes;
  for (const attack::AttackedImage& image : attacked) classes.push_back(image.adversarial.predicted);
  check_classes(classes, folder);
  const Tensor points = read_npy(folder / "attacked.npy");
  const Tensor losses = read_npy(folder / "losses.npy");
  std::int64_t equal = 0;
  double loss_error = 0;
  for (std::size_t i = 0; i < attacked.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    equal += count_equal(attacked[i].image, points.row(row), kTolerance);
    const auto loss = static_cast<double>(losses[row]);
    loss_error = std::max(loss_error, std::abs(attacked[i].adversarial.loss - loss) / loss);
  }
  const double found = static_cast<double>(equal) / static_cast<double>(points.elements());
  const std::string text =
      fmt::format("classes equal, losses within {:.1e}, {:.2f} % of the pixel values within {:g}", loss_error,
                  100 * found, kTolerance);
  if (!(found >= share && loss_error <= kLossTolerance))
    throw Error(ErrorKind::model, fmt::format("PGD: {}; expected {:.0f} % and losses within {}", text,
                                              100 * share, kLossTolerance));
  return text;
}

}  // namespace faultline::bench
