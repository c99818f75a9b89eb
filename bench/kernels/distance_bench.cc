#include <benchmark/benchmark.h>

#include <cmath>
#include <string>

#include "base/error.h"
#include "compare/catalogue.h"
#include "kernels/suites.h"
#include "kernels/values.h"

namespace faultline::bench {

namespace {

using compare::MapDistance;
using compare::RankedMap;

// A heatmap like Grad-CAM's: rectified, so that about half of it is 0.
DoubleTensor random_map(std::int64_t side, const std::string& name) {
  DoubleTensor map = to_double(random_values(Shape{side, side}, name));
  for (double& value : map.values()) value = std::max(value, 0.0);
  return map;
}

// What every distance promises: 0 for equal maps, no change by a factor, and a number for different ones.
// (The values themselves are proven in the tests, against ones computed elsewhere.)
void check(const std::string& name, const MapDistance& distance, const DoubleTensor& clean,
           const DoubleTensor& other) {
  constexpr double kTolerance = 1e-9;
  DoubleTensor doubled = other;
  for (double& value : doubled.values()) value *= 2;
  const RankedMap a(clean), b(other), c(doubled);
  const auto to_self = distance.distance(a, a);
  const auto to_other = distance.distance(a, b);
  const auto to_doubled = distance.distance(a, c);
  const bool holds = to_self && to_other && to_doubled && std::abs(*to_self) <= kTolerance &&
                     *to_other > kTolerance && std::abs(*to_doubled - *to_other) <= kTolerance;
  if (!holds) throw Error(ErrorKind::model, name + ": not a distance between maps");
}

void time_ranking(benchmark::State& state, std::int64_t side) {
  const DoubleTensor map = random_map(side, "clean");
  for (auto _ : state) benchmark::DoNotOptimize(RankedMap(map));
}

void time(benchmark::State& state, const std::string& name, const MapDistance& distance, std::int64_t side) {
  const DoubleTensor clean = random_map(side, "clean");
  const DoubleTensor other = random_map(side, "other");
  check_once(name, [&] { check(name, distance, clean, other); });
  const RankedMap a(clean), b(other);
  for (auto _ : state) benchmark::DoNotOptimize(distance.distance(a, b));
}

}  // namespace

void add_distances() {
  for (const std::int64_t side : {14, 56, 224}) {
    const std::string size = "/" + std::to_string(side);
    benchmark::RegisterBenchmark(("map/ranking" + size).c_str(),
                                 [=](benchmark::State& state) { time_ranking(state, side); })
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
    for (const MapDistance& distance : compare::map_distances()) {
      const std::string name = "map/" + std::string(distance.name) + size;
      benchmark::RegisterBenchmark(
          name.c_str(), [=, &distance](benchmark::State& state) { time(state, name, distance, side); })
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
    }
  }
}

}  // namespace faultline::bench
