#include "attack/hyperplane.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace faultline::attack {

namespace {

// One value's part in the move.
struct Part {
  double weight = 0;  // |w_i|
  double speed = 0;   // s_i
  double room = 0;    // up to its bound
  double side = 0;    // +-1

  double at(double l) const { return std::min(l * speed, room); }
};

Part part_of(Norm norm, double w, double rise, double x) {
  Part part;
  part.weight = std::abs(w);
  part.speed = norm == Norm::linf || w == 0 ? 1 : part.weight;
  part.side = (w > 0) == (rise > 0) ? 1 : -1;
  part.room = w == 0 ? 0 : part.side > 0 ? 1 - x : x;
  return part;
}

}  // namespace

void project_onto_hyperplane(Norm norm, TensorView w, double rise, TensorView x, std::span<double> d) {
  require(norm == Norm::linf || norm == Norm::l2, "project_onto_hyperplane: linf or l2");
  require(w.elements() == x.elements() && d.size() == x.values().size(),
          "project_onto_hyperplane: sizes differ");
  const auto part = [&](std::int64_t i) {
    return part_of(norm, static_cast<double>(w[i]), rise, static_cast<double>(x[i]));
  };
  const double wanted = std::abs(rise);
  // The rise as a function of l is concave, so each l that takes the values bounded so far as the only ones
  // is too small: values only join the bounded ones, and the last l is the solution.
  double l = 0;
  std::int64_t bounded = -1;
  while (true) {
    double fixed = 0;
    double slope = 0;
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < x.elements(); ++i) {
      const Part p = part(i);
      if (l * p.speed >= p.room) {
        fixed += p.weight * p.room;
        ++count;
      } else {
        slope += p.weight * p.speed;
      }
    }
    if (count == bounded || !(slope > 0)) break;
    bounded = count;
    l = std::max(l, (wanted - fixed) / slope);
  }
  for (std::int64_t i = 0; i < x.elements(); ++i) {
    const Part p = part(i);
    d[static_cast<std::size_t>(i)] = p.side * p.at(l);
  }
}

}  // namespace faultline::attack
