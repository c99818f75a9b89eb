#include "compare/noisy_linear_imputation.h"

#include <Eigen/SparseCholesky>
#include <algorithm>
#include <array>
#include <vector>

#include "base/error.h"

namespace faultline::compare {

namespace {

struct Neighbour {
  std::int64_t dy;
  std::int64_t dx;
  double weight;
};

constexpr std::array<Neighbour, 8> kNeighbours = {{{-1, -1, 1.0 / 12},
                                                   {-1, 0, 1.0 / 6},
                                                   {-1, 1, 1.0 / 12},
                                                   {0, -1, 1.0 / 6},
                                                   {0, 1, 1.0 / 6},
                                                   {1, -1, 1.0 / 12},
                                                   {1, 0, 1.0 / 6},
                                                   {1, 1, 1.0 / 12}}};

// Calls visit(position, weight) for the neighbours inside an image of this size.
template <class Visit>
void visit_neighbours(std::int64_t height, std::int64_t width, std::int64_t pixel, const Visit& visit) {
  for (const Neighbour& each : kNeighbours) {
    const std::int64_t y = pixel / width + each.dy;
    const std::int64_t x = pixel % width + each.dx;
    if (y >= 0 && y < height && x >= 0 && x < width) visit(y * width + x, each.weight);
  }
}

}  // namespace

Tensor impute(TensorView image, std::span<const std::int64_t> removed, double deviation,
              const RandomStream& stream) {
  require(image.shape().rank() == 3, "impute: expected an image [3,H,W]");
  const std::int64_t channels = image.shape()[0];
  const std::int64_t height = image.shape()[1];
  const std::int64_t width = image.shape()[2];
  const std::int64_t pixels = height * width;
  const auto unknowns = std::ssize(removed);
  require(unknowns < pixels, "impute: some pixel must be left");
  Tensor result(image);
  if (unknowns == 0) return result;
  std::vector<std::int64_t> unknown_of(static_cast<std::size_t>(pixels), -1);
  for (std::int64_t k = 0; k < unknowns; ++k) {
    const std::int64_t pixel = removed[static_cast<std::size_t>(k)];
    require(pixel >= 0 && pixel < pixels && unknown_of[static_cast<std::size_t>(pixel)] < 0,
            "impute: positions must be distinct and in the image");
    unknown_of[static_cast<std::size_t>(pixel)] = k;
  }
  // sum_j w_ij (x_i - x_j) = 0: symmetric, and positive definite as some pixel is known.
  std::vector<Eigen::Triplet<double>> entries;
  Eigen::MatrixXd known = Eigen::MatrixXd::Zero(unknowns, channels);
  for (std::int64_t k = 0; k < unknowns; ++k) {
    double diagonal = 0;
    visit_neighbours(height, width, removed[static_cast<std::size_t>(k)],
                     [&](std::int64_t pixel, double weight) {
                       diagonal += weight;
                       const std::int64_t other = unknown_of[static_cast<std::size_t>(pixel)];
                       if (other >= 0) {
                         entries.emplace_back(static_cast<int>(k), static_cast<int>(other), -weight);
                         return;
                       }
                       for (std::int64_t c = 0; c < channels; ++c)
                         known(k, c) += weight * static_cast<double>(image[c * pixels + pixel]);
                     });
    entries.emplace_back(static_cast<int>(k), static_cast<int>(k), diagonal);
  }
  Eigen::SparseMatrix<double> system(unknowns, unknowns);
  system.setFromTriplets(entries.begin(), entries.end());
  const Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>> factorised(system);
  const Eigen::MatrixXd filled = factorised.solve(known);
  require(factorised.info() == Eigen::Success, "impute: the system is singular");
  for (std::int64_t k = 0; k < unknowns; ++k) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const double noise = stream.normal(static_cast<std::uint64_t>(k * channels + c));
      result[c * pixels + removed[static_cast<std::size_t>(k)]] =
          static_cast<float>(std::clamp(filled(k, c) + deviation * noise, 0.0, 1.0));
    }
  }
  return result;
}

}  // namespace faultline::compare
