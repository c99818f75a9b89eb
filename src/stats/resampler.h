#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "base/parallel.h"
#include "base/philox.h"

namespace faultline::stats {

struct BootstrapOptions {
  std::size_t resamples = 10'000;
  double confidence = 0.95;  // of the interval, in (0,1)
  std::uint64_t seed = 0;
};

// Throws ContractError unless there is a resample and the confidence is in (0,1).
void require_valid(const BootstrapOptions& options);

// Which units a bootstrap resample draws, with replacement (Efron 1979). Draw i of resample r of n units is
//   floor(n b / 2^32), b the bits of number r n + i of the random stream (seed, "bootstrap"):
// a function of these alone, whatever the order or the thread; no unit is likelier than another by more than
// n / 2^32.
class Resampler {
 public:
  static constexpr std::size_t kMostUnits = std::size_t{1} << 24U;

  // Throws ContractError if there are no units, or more than kMostUnits.
  Resampler(std::size_t units, std::uint64_t seed);

  // Fills drawn, of size `units`.
  void draw(std::size_t resample, std::span<std::uint32_t> drawn) const;

 private:
  std::size_t units_;
  RandomStream stream_;
};

// statistic(drawn) of every resample, in their order; computed on all compute threads.
//   make_statistic: returns a statistic for one thread, which may keep scratch memory from call to call, but
//   must not depend on the order of calls; it takes the drawn units as a span.
template <class MakeStatistic>
auto resampled(std::size_t units, const BootstrapOptions& options, const MakeStatistic& make_statistic) {
  require_valid(options);
  constexpr std::size_t kAtOnce = 64;  // one array of draws, and one statistic, serve so many resamples
  using Drawn = std::span<const std::uint32_t>;
  using Value = std::invoke_result_t<std::invoke_result_t<const MakeStatistic&>&, Drawn>;
  const Resampler resampler(units, options.seed);
  std::vector<Value> values(options.resamples);
  const std::size_t chunks = (options.resamples + kAtOnce - 1) / kAtOnce;
  parallel_for(static_cast<std::int64_t>(chunks), [&](std::int64_t chunk) {
    auto statistic = make_statistic();
    std::vector<std::uint32_t> drawn(units);
    const std::size_t first = static_cast<std::size_t>(chunk) * kAtOnce;
    for (std::size_t r = first; r < std::min(first + kAtOnce, options.resamples); ++r) {
      resampler.draw(r, drawn);
      values[r] = statistic(Drawn(drawn));
    }
  });
  return values;
}

}  // namespace faultline::stats
