#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "stats/interval.h"
#include "stats/resampler.h"

namespace faultline::stats {

// Percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13): the
// interval between the (1 - confidence) / 2 and (1 + confidence) / 2 quantiles of the statistic over
// resamples of n units.
//   All below: missing without a unit; the estimate of a single unit has no interval; of a sample of equal
//   values it has the width 0. Neither the order of the sample nor the number of threads changes a bit of the
//   result.
//   Throw ContractError if a value is not finite or an option is out of range.

std::optional<Estimate> bootstrap_mean(std::span<const double> sample, const BootstrapOptions& options = {});

std::optional<Estimate> bootstrap_median(std::span<const double> sample,
                                         const BootstrapOptions& options = {});

// The same interval for any statistic of a list of units, given by their indices in [0, units); missing for
// fewer than two units. The resamples that the statistic is missing for are left out; the interval is missing
// if those are more than a tenth. The statistic is called from several threads at once. Here the order of the
// units does matter, by the simulation error: keep to one.
using Statistic = std::function<std::optional<double>(std::span<const std::uint32_t> drawn)>;
std::optional<Interval> bootstrap_interval(std::size_t units, const Statistic& statistic,
                                           const BootstrapOptions& options = {});

}  // namespace faultline::stats
