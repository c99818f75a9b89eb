#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/common/vector_set.h"
#include "engine/observation.h"

namespace faultline::engine {

// Sums over whole rows of `elements` values in any layout (padding is zero and adds nothing), in double, over
// fixed chunks in index order.

// |a_r|
template <class S>
std::vector<double> row_norms(std::span<const S* const> rows, std::int64_t elements, VectorSet vectors);
// See Differences; gradient may be null. A chunk of the base stays in the cache while the rows go by.
template <class S>
Differences row_differences(std::span<const S* const> rows, const S* base, const S* gradient,
                            std::int64_t elements, VectorSet vectors);

}  // namespace faultline::engine
