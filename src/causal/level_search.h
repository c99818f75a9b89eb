#pragma once

#include <cstddef>
#include <functional>
#include <optional>

namespace faultline::causal {

// Of ascending levels 0, ..., count - 1 one that decides while the level below it does not (level 0 has none
// below), found by bisection after the last was seen to decide: at most 1 + ceil(log2(count)) questions. It
// is the smallest that decides where decisions are monotone in the level. None if not even the last decides.
std::optional<std::size_t> first_deciding_level(std::size_t count,
                                                const std::function<bool(std::size_t level)>& decides);

}  // namespace faultline::causal
