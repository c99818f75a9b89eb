#include "stats/resampler.h"

#include "base/error.h"

namespace faultline::stats {

void require_valid(const BootstrapOptions& options) {
  require(options.resamples > 0, "bootstrap: no resamples");
  require(options.confidence > 0 && options.confidence < 1, "bootstrap: confidence must be in (0,1)");
}

Resampler::Resampler(std::size_t units, std::uint64_t seed) : units_(units), stream_(seed, "bootstrap") {
  require(units > 0, "Resampler: no units");
  require(units <= kMostUnits, "Resampler: too many units");
}

void Resampler::draw(std::size_t resample, std::span<std::uint32_t> drawn) const {
  require(drawn.size() == units_, "Resampler: drawn must hold one place for each unit");
  stream_.fill_bits(std::uint64_t{resample} * units_, drawn);
  // The high word of a 32 x 32 bit product maps 32 random bits onto [0, units).
  for (std::uint32_t& unit : drawn) unit = static_cast<std::uint32_t>((std::uint64_t{unit} * units_) >> 32U);
}

}  // namespace faultline::stats
