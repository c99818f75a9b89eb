#pragma once

#include <array>
#include <cstdint>
#include <filesystem>

namespace faultline::serve {

// Tells two states of a run's store apart without opening it: which file it is, and size and time of change
// of it and of the log that commits are written to first. All zero where there is no store.
using RunStamp = std::array<std::int64_t, 6>;
RunStamp run_stamp(const std::filesystem::path& folder);

}  // namespace faultline::serve
