#pragma once

#include <optional>
#include <span>
#include <vector>

namespace faultline::stats {

// Sample mean; missing if there is no value. The mean of equal values is exactly that value. Throws
// ContractError if a value is not finite, as the next two do.
std::optional<double> mean(std::span<const double> sample);

// Sample median, of an even number of values the mean of the middle two; missing if there is no value.
std::optional<double> median(std::span<const double> sample);

// The sample in ascending order: what follows from it does not depend on the order that it came in.
std::vector<double> ascending(std::span<const double> sample);

}  // namespace faultline::stats
