#include "compare/area_average.h"

#include <algorithm>

namespace faultline::compare {
namespace {

// Averages the rows of [length, other] to [wanted, other], transposed: [other, wanted].
DoubleTensor average_rows(DoubleTensorView map, std::int64_t wanted) {
  const std::int64_t length = map.shape()[0];
  const std::int64_t other = map.shape()[1];
  DoubleTensor averaged(Shape{other, wanted});
  // In units of 1 / wanted of an old cell, bounds of new and old cells are whole numbers.
  for (std::int64_t cell = 0; cell < wanted; ++cell) {
    for (std::int64_t old = cell * length / wanted; old * wanted < (cell + 1) * length; ++old) {
      const std::int64_t overlap =
          std::min((old + 1) * wanted, (cell + 1) * length) - std::max(old * wanted, cell * length);
      const double weight = static_cast<double>(overlap) / static_cast<double>(length);
      for (std::int64_t i = 0; i < other; ++i) averaged[i * wanted + cell] += weight * map[old * other + i];
    }
  }
  return averaged;
}

}  // namespace

DoubleTensor area_average(DoubleTensorView map, std::int64_t largest) {
  require(map.shape().rank() == 2 && map.elements() > 0 && largest >= 1, "area_average: a map [h,w]");
  const DoubleTensor rows = average_rows(map, std::min(map.shape()[0], largest));
  return average_rows(rows, std::min(map.shape()[1], largest));
}

}  // namespace faultline::compare
