#include "planted/patterns.h"

#include <bit>

namespace faultline::test {
namespace {

// Walsh functions over the 4 x 4 cells of 2 x 2 pixels, times what differs within a cell or between colours.
template <class Within>
std::vector<double> walsh(unsigned number, const Within& within) {
  std::vector<double> patch;
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < kPatchSide; ++y) {
      for (int x = 0; x < kPatchSide; ++x) {
        const auto cell = static_cast<unsigned>(4 * (y / 2) + x / 2);
        const double sign = std::popcount(cell & number) % 2 == 0 ? 1 : -1;
        patch.push_back(sign * within(c, y, x));
      }
    }
  }
  return patch;
}

}  // namespace

std::vector<double> content_of(int of_class) {
  return walsh(static_cast<unsigned>(of_class) + 1, [](int, int, int) { return 1.0; });
}

std::vector<double> texture_of(int of_class) {
  return walsh(static_cast<unsigned>(of_class) + 4,
               [](int c, int y, int x) { return ((x + y) % 2 == 0 ? 1.0 : -1.0) * (c == 1 ? -1.0 : 1.0); });
}

}  // namespace faultline::test
