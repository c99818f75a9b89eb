#include "attack/projection.h"

#include <algorithm>
#include <cmath>

#include "attack/norm.h"
#include "base/error.h"

namespace faultline::attack {

namespace {

double difference(float x, float clean) {
  return static_cast<double>(x) - static_cast<double>(clean);
}

void project_linf(double eps, TensorView clean, MutableTensorView x) {
  for (std::int64_t i = 0; i < x.elements(); ++i) {
    x[i] = moved(clean[i], std::clamp(difference(x[i], clean[i]), -eps, eps));
  }
}

void project_l2(double eps, TensorView clean, MutableTensorView x) {
  const double length = distance(Norm::l2, clean, x);
  const double scale = length > eps * kInsideL2 ? eps * kInsideL2 / length : 1;
  for (std::int64_t i = 0; i < x.elements(); ++i) {
    x[i] = moved(clean[i], scale * difference(x[i], clean[i]));
  }
}

void start_linf(double eps, const RandomStream& stream, TensorView clean, MutableTensorView x) {
  for (std::int64_t i = 0; i < x.elements(); ++i) {
    x[i] = moved(clean[i], eps * (2 * stream.uniform(static_cast<std::uint64_t>(i)) - 1));
  }
}

void start_l2(double eps, const RandomStream& stream, TensorView clean, MutableTensorView x) {
  const auto n = static_cast<std::uint64_t>(x.elements());
  double squares = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    const double z = stream.normal(i);
    squares += z * z;
  }
  const double radius = eps * std::pow(stream.uniform(0), 1.0 / static_cast<double>(n));
  const double scale = squares > 0 ? radius / std::sqrt(squares) : 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    const auto k = static_cast<std::int64_t>(i);
    x[k] = moved(clean[k], scale * stream.normal(i));
  }
}

}  // namespace

float moved(float clean, double d) {
  const double exact = static_cast<double>(clean) + d;
  auto rounded = static_cast<float>(exact);
  if (std::abs(static_cast<double>(rounded) - static_cast<double>(clean)) > std::abs(d)) {
    rounded = std::nextafter(rounded, clean);
  }
  return std::clamp(rounded, 0.0F, 1.0F);
}

double distance(Norm norm, TensorView clean, TensorView x) {
  require(clean.shape() == x.shape(), "attack::distance: shapes differ");
  NormSum sum(norm);
  for (std::int64_t i = 0; i < x.elements(); ++i) sum.add(difference(x[i], clean[i]));
  return sum.value();
}

void project(const Ball& ball, TensorView clean, MutableTensorView x) {
  require(clean.shape() == x.shape(), "attack::project: shapes differ");
  require(ball.norm == Norm::linf || ball.norm == Norm::l2, "attack::project: a linf or l2 ball");
  const auto eps = static_cast<double>(ball.eps);
  ball.norm == Norm::linf ? project_linf(eps, clean, x) : project_l2(eps, clean, x);
}

void random_start(const Ball& ball, const RandomStream& stream, TensorView clean, MutableTensorView x) {
  require(clean.shape() == x.shape(), "attack::random_start: shapes differ");
  require(ball.norm == Norm::linf || ball.norm == Norm::l2, "attack::random_start: a linf or l2 ball");
  const auto eps = static_cast<double>(ball.eps);
  ball.norm == Norm::linf ? start_linf(eps, stream, clean, x) : start_l2(eps, stream, clean, x);
}

void surface_start(const Ball& ball, const RandomStream& stream, TensorView clean, MutableTensorView x) {
  require(clean.shape() == x.shape(), "attack::surface_start: shapes differ");
  const auto n = static_cast<std::uint64_t>(x.elements());
  const auto t = [&](std::uint64_t i) {
    return ball.norm == Norm::linf ? 2 * stream.uniform(i) - 1 : stream.normal(i);
  };
  double largest = 0;
  double squares = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    largest = std::max(largest, std::abs(t(i)));
    squares += t(i) * t(i);
  }
  const double length = ball.norm == Norm::linf ? largest : std::sqrt(squares) / kInsideL2;
  const double scale = length > 0 ? static_cast<double>(ball.eps) / length : 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    const auto k = static_cast<std::int64_t>(i);
    x[k] = moved(clean[k], scale * t(i));
  }
}

}  // namespace faultline::attack
