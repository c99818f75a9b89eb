#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace faultline::engine {

// Sums over whole rows of `elements` values in any layout (padding is zero and adds nothing), in double, over
// fixed chunks in index order.

// |a_r|
template <class S>
std::vector<double> row_norms(std::span<const S* const> rows, std::int64_t elements);
// |a_r - b|
template <class S>
std::vector<double> row_distances(std::span<const S* const> rows, const S* base, std::int64_t elements);
// <g, a_r - b>
template <class S>
std::vector<double> difference_dots(const S* gradient, std::span<const S* const> rows, const S* base,
                                    std::int64_t elements);

}  // namespace faultline::engine
