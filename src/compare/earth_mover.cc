#include "compare/earth_mover.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "compare/area_average.h"
#include "compare/transport.h"

namespace faultline::compare {
namespace {

constexpr std::int64_t kWhole = std::int64_t{1} << 40;

DoubleTensor on_coarse_grid(const RankedMap& map, int cells) {
  return area_average(DoubleTensorView(map.values().data(), Shape{map.height(), map.width()}), cells);
}

// Shares of the whole in units of 2^-40, summing to it exactly: the largest cell takes what rounding leaves.
std::vector<std::int64_t> whole_units(const DoubleTensor& grid) {
  const auto values = grid.values();
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  std::vector<std::int64_t> units;
  for (const double value : values) units.push_back(std::llround(value / sum * static_cast<double>(kWhole)));
  *std::ranges::max_element(units) += kWhole - std::accumulate(units.begin(), units.end(), std::int64_t{0});
  return units;
}

struct Places {
  std::vector<std::int64_t> amounts;
  std::vector<double> y;  // in fractions of the diagonal
  std::vector<double> x;
};

// Where there is more of `of` than of `less`, and by how much. Mass that need not move stays: as distances
// obey the triangle inequality, no better plan moves it.
Places excess(const std::vector<std::int64_t>& of, const std::vector<std::int64_t>& less, const Shape& grid,
              const RankedMap& map) {
  const auto height = static_cast<double>(map.height());
  const auto width = static_cast<double>(map.width());
  const double diagonal = std::hypot(height, width);
  Places places;
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (of[i] <= less[i]) continue;
    const std::int64_t row = static_cast<std::int64_t>(i) / grid[1];
    const std::int64_t column = static_cast<std::int64_t>(i) % grid[1];
    places.amounts.push_back(of[i] - less[i]);
    places.y.push_back(static_cast<double>(row) * height / static_cast<double>(grid[0]) / diagonal);
    places.x.push_back(static_cast<double>(column) * width / static_cast<double>(grid[1]) / diagonal);
  }
  return places;
}

}  // namespace

Measured earth_mover_distance(const RankedMap& clean, const RankedMap& other, int cells) {
  require_same_size(clean, other);
  if (clean.blank() || other.blank()) return {};
  const DoubleTensor clean_grid = on_coarse_grid(clean, cells);
  const auto p = whole_units(clean_grid);
  const auto q = whole_units(on_coarse_grid(other, cells));
  const Places from = excess(p, q, clean_grid.shape(), clean);
  const Places to = excess(q, p, clean_grid.shape(), clean);
  std::vector<double> cost;
  for (std::size_t i = 0; i < from.amounts.size(); ++i) {
    for (std::size_t j = 0; j < to.amounts.size(); ++j) {
      cost.push_back(std::hypot(from.y[i] - to.y[j], from.x[i] - to.x[j]));
    }
  }
  return least_transport_cost(from.amounts, to.amounts, cost) / static_cast<double>(kWhole);
}

}  // namespace faultline::compare
