#include "attack/square_proposal.h"

#include <algorithm>
#include <cmath>

#include "attack/projection.h"
#include "attack/square_pattern.h"
#include "base/error.h"

namespace faultline::attack {

namespace {

// Numbers of a stream, one after the other.
class Draws {
 public:
  Draws(const RandomStream& stream, std::uint64_t first) : stream_(stream), next_(first) {}
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(stream_.below(next_++, static_cast<std::uint64_t>(bound)));
  }
  double sign() { return below(2) == 0 ? -1 : 1; }

 private:
  const RandomStream& stream_;
  std::uint64_t next_;
};

struct Square {
  std::int64_t row = 0;
  std::int64_t column = 0;
  std::int64_t side = 0;
};

Square draw_square(Draws& draws, const Shape& shape, std::int64_t side) {
  const std::int64_t row = draws.below(std::max<std::int64_t>(shape[1] - side, 1));
  const std::int64_t column = draws.below(std::max<std::int64_t>(shape[2] - side, 1));
  return {row, column, side};
}

// Calls body(index in the image, i, j) for the part of a channel's square that lies in the image.
template <class Body>
void for_each(const Square& square, const Shape& shape, std::int64_t channel, const Body& body) {
  const std::int64_t rows = std::min(square.side, shape[1] - square.row);
  const std::int64_t columns = std::min(square.side, shape[2] - square.column);
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) {
      body(((channel * shape[1]) + square.row + i) * shape[2] + square.column + j, i, j);
    }
  }
}

// A channel's sign times the pattern, transposed or not.
struct Pattern {
  std::span<const double> values;  // [side,side]
  std::int64_t side;
  bool transposed;
  double at(std::int64_t i, std::int64_t j) const {
    return values[static_cast<std::size_t>(transposed ? j * side + i : i * side + j)];
  }
};

Pattern draw_pattern(Draws& draws, std::span<const double> values, std::int64_t side) {
  return {values, side, draws.below(2) == 0};
}

using Perturbation = std::vector<double>;  // by element of the image

double& at(Perturbation& d, std::int64_t i) {
  return d[static_cast<std::size_t>(i)];
}

double length(const Perturbation& d) {
  double squares = 0;
  for (const double v : d) squares += v * v;
  return std::sqrt(squares);
}

// x <- clean + d, scaled to length eps; clean if d is 0.
void place(double eps, const Perturbation& d, TensorView clean, MutableTensorView x) {
  const double size = length(d);
  const double scale = size > 0 ? eps * kInsideL2 / size : 0;
  for (std::int64_t i = 0; i < x.elements(); ++i) {
    x[i] = moved(clean[i], scale * d[static_cast<std::size_t>(i)]);
  }
}

void start_linf(double eps, Draws draws, TensorView clean, MutableTensorView x) {
  const Shape& shape = clean.shape();
  for (std::int64_t c = 0; c < shape[0]; ++c) {
    for (std::int64_t column = 0; column < shape[2]; ++column) {
      const double d = eps * draws.sign();
      for (std::int64_t row = 0; row < shape[1]; ++row) {
        const std::int64_t i = (c * shape[1] + row) * shape[2] + column;
        x[i] = moved(clean[i], d);
      }
    }
  }
}

void start_l2(double eps, Draws draws, TensorView clean, MutableTensorView x) {
  const Shape& shape = clean.shape();
  const std::int64_t side = std::max<std::int64_t>(shape[1] / 5, 1);
  const std::int64_t origin = std::max<std::int64_t>((shape[1] - 5 * side) / 2, 0);
  const std::vector<double> values = square_pattern(side);
  Perturbation d(clean.values().size(), 0.0);
  for (std::int64_t a = 0; a < shape[1] / side; ++a) {
    for (std::int64_t b = 0; b < shape[2] / side; ++b) {
      const Square tile{origin + a * side, origin + b * side, side};
      const Pattern pattern = draw_pattern(draws, values, side);
      for (std::int64_t c = 0; c < shape[0]; ++c) {
        const double sign = draws.sign();
        for_each(tile, shape, c, [&](std::int64_t at_image, std::int64_t i, std::int64_t j) {
          at(d, at_image) += sign * pattern.at(i, j);
        });
      }
    }
  }
  place(eps, d, clean, x);
}

void propose_linf(double eps, Draws draws, std::int64_t side, TensorView clean, MutableTensorView x) {
  const Square square = draw_square(draws, clean.shape(), side);
  for (std::int64_t c = 0; c < clean.shape()[0]; ++c) {
    const double d = eps * draws.sign();
    for_each(square, clean.shape(), c,
             [&](std::int64_t i, std::int64_t, std::int64_t) { x[i] = moved(clean[i], d); });
  }
}

// |d(V or W)|^2 over all channels.
double squares_in_either(Perturbation& d, const Square& v, const Square& w, const Shape& shape) {
  double squares = 0;
  for (std::int64_t c = 0; c < shape[0]; ++c) {
    for_each(v, shape, c,
             [&](std::int64_t i, std::int64_t, std::int64_t) { squares += at(d, i) * at(d, i); });
    for_each(w, shape, c, [&](std::int64_t i, std::int64_t a, std::int64_t b) {
      const std::int64_t row = w.row + a - v.row;
      const std::int64_t column = w.column + b - v.column;
      const bool in_v = row >= 0 && row < v.side && column >= 0 && column < v.side;
      if (!in_v) squares += at(d, i) * at(d, i);
    });
  }
  return squares;
}

// A channel's new values in V [side,side]: e_c/|e_c| times `size`.
Perturbation mixed(Perturbation& d, const Square& v, const Shape& shape, std::int64_t channel,
                   const Pattern& pattern, double sign, double size) {
  constexpr double kTiny = 1e-12;
  double old_squares = 0;
  for_each(v, shape, channel,
           [&](std::int64_t i, std::int64_t, std::int64_t) { old_squares += at(d, i) * at(d, i); });
  Perturbation e;
  for_each(v, shape, channel, [&](std::int64_t i, std::int64_t a, std::int64_t b) {
    e.push_back(sign * pattern.at(a, b) + at(d, i) / (kTiny + std::sqrt(old_squares)));
  });
  const double scale = size / (kTiny + length(e));
  for (double& value : e) value *= scale;
  return e;
}

void propose_l2(double eps, Draws draws, std::int64_t side, std::span<const double> values, TensorView clean,
                MutableTensorView x) {
  const Shape& shape = clean.shape();
  Perturbation d(x.values().size());
  for (std::int64_t i = 0; i < x.elements(); ++i) {
    at(d, i) = static_cast<double>(x[i]) - static_cast<double>(clean[i]);
  }
  const Square v = draw_square(draws, shape, side);
  const Square w = draw_square(draws, shape, side);
  const Pattern pattern = draw_pattern(draws, values, side);
  const double used = length(d);
  const double spare = std::max(eps * eps - used * used, 0.0) / static_cast<double>(shape[0]);
  const double size = std::sqrt(spare + squares_in_either(d, v, w, shape));
  std::vector<Perturbation> fresh;
  for (std::int64_t c = 0; c < shape[0]; ++c) {
    fresh.push_back(mixed(d, v, shape, c, pattern, draws.sign(), size));
  }
  for (std::int64_t c = 0; c < shape[0]; ++c) {
    for_each(w, shape, c, [&](std::int64_t i, std::int64_t, std::int64_t) { at(d, i) = 0; });
    for_each(v, shape, c, [&](std::int64_t i, std::int64_t a, std::int64_t b) {
      at(d, i) = fresh[static_cast<std::size_t>(c)][static_cast<std::size_t>(a * side + b)];
    });
  }
  place(eps, d, clean, x);
}

}  // namespace

void square_start(const Ball& ball, const RandomStream& stream, TensorView clean, MutableTensorView x) {
  require(clean.shape() == x.shape() && clean.shape().rank() == 3, "square_start: images [C,H,W]");
  const auto eps = static_cast<double>(ball.eps);
  const Draws draws(stream, 0);
  ball.norm == Norm::l2 ? start_l2(eps, draws, clean, x) : start_linf(eps, draws, clean, x);
}

void square_proposal(const Ball& ball, const RandomStream& stream, int query, std::int64_t side,
                     std::span<const double> pattern, TensorView clean, TensorView best,
                     MutableTensorView x) {
  require(clean.shape() == x.shape() && best.shape() == x.shape() && clean.shape().rank() == 3,
          "square_proposal: images [C,H,W]");
  const auto draws_each = static_cast<std::uint64_t>(clean.shape()[0]) + 5;
  const Draws draws(stream, static_cast<std::uint64_t>(query) * draws_each);
  const auto eps = static_cast<double>(ball.eps);
  copy_values(best, x);
  ball.norm == Norm::l2 ? propose_l2(eps, draws, side, pattern, clean, x)
                        : propose_linf(eps, draws, side, clean, x);
}

}  // namespace faultline::attack
