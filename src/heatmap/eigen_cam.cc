#include "heatmap/eigen_cam.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace faultline::heatmap {
namespace {

// [C,Z], row-major as [C,h,w] lies.
using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// The eigenvector of the largest eigenvalue of a symmetric matrix.
Eigen::VectorXd dominant(const Eigen::MatrixXd& symmetric) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(symmetric);
  return solver.eigenvectors().col(symmetric.rows() - 1);  // eigenvalues ascend
}

// M v: the first singular vector of positions times its singular value, from whichever Gram matrix is
// smaller. [Z]
Eigen::VectorXd first_component(const Matrix& channels) {
  if (channels.rows() <= channels.cols())
    return channels.transpose() * dominant(Eigen::MatrixXd(channels * channels.transpose()));
  const Eigen::VectorXd u = dominant(Eigen::MatrixXd(channels.transpose() * channels));
  return (channels * u).norm() * u;
}

DoubleTensor component_map(const DoubleTensor& values) {
  const std::int64_t channels = values.shape()[0];
  const std::int64_t positions = values.elements() / channels;
  Matrix matrix = Eigen::Map<const Matrix>(values.data(), channels, positions);
  matrix.colwise() -= Eigen::VectorXd(matrix.rowwise().mean());
  DoubleTensor map(Shape{positions});
  const double largest = matrix.cwiseAbs().maxCoeff();
  if (!(largest > 0)) return map;
  const Eigen::VectorXd component = first_component(matrix / largest);  // squares neither vanish nor overflow
  Eigen::Index strongest = 0;
  component.cwiseAbs().maxCoeff(&strongest);
  const double sign = component[strongest] < 0 ? -largest : largest;
  for (std::int64_t p = 0; p < positions; ++p) map[p] = sign * component[p];
  return map;
}

template <class Values>
DoubleTensor component_maps(const engine::Observation& layer, const Values& values) {
  require(layer.seeds() == layer.rows(), "eigen_cam: one seed for each row");
  const Shape sample = layer.sample_shape();
  const bool is_map = sample.rank() == 3;
  DoubleTensor maps(Shape{layer.rows(), is_map ? sample[1] : 1, is_map ? sample[2] : 1});
  for (int row = 0; row < layer.rows(); ++row) {
    const DoubleTensor map = component_map(values(row));
    std::copy_n(map.data(), map.elements(), maps.row(row).data());
  }
  return maps;
}

}  // namespace

DoubleTensor eigen_cam(const engine::Observation& layer) {
  return component_maps(layer, [&](int row) { return layer.read(row); });
}

DoubleTensor eigen_grad_cam(const engine::Observation& layer) {
  return component_maps(layer, [&](int row) {
    DoubleTensor product = layer.read(row);
    const DoubleTensor gradient = layer.read_gradient(row);
    for (std::int64_t i = 0; i < product.elements(); ++i) product[i] *= gradient[i];
    return product;
  });
}

}  // namespace faultline::heatmap
