#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace faultline::compare {

// Indices of the positive values, the largest first, of equal ones the first. In linear time unless very many
// values agree in their first 22 bits.
//   values: in [0,1], fewer than 2^32. Throws ContractError for too many.
std::vector<std::uint32_t> descending_order(std::span<const double> values);

}  // namespace faultline::compare
