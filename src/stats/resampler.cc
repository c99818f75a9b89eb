#include "stats/resampler.h"

#include <limits>

#include "base/error.h"

namespace faultline::stats {

void require_valid(const BootstrapOptions& options) {
  require(options.resamples > 0, "bootstrap: no resamples");
  require(options.confidence > 0 && options.confidence < 1, "bootstrap: confidence must be in (0,1)");
}

Resampler::Resampler(std::size_t units, std::uint64_t seed) : units_(units), stream_(seed, "bootstrap") {
  require(units > 0, "Resampler: no units");
  require(units <= std::numeric_limits<std::uint32_t>::max(), "Resampler: too many units");
}

void Resampler::draw(std::size_t resample, std::span<std::uint32_t> drawn) const {
  require(drawn.size() == units_, "Resampler: drawn must hold one place for each unit");
  const std::uint64_t first = std::uint64_t{resample} * units_;
  for (std::size_t i = 0; i < units_; ++i) {
    drawn[i] = static_cast<std::uint32_t>(stream_.below(first + i, units_));
  }
}

}  // namespace faultline::stats
