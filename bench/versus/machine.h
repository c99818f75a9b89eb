#pragma once

#include <cstdint>
#include <string>

#include "engine/roofline.h"

namespace faultline::bench {

// Processor, cores, instruction sets and the compute threads in use, as a markdown list with the libraries'
// versions.
//   torch: what the worker says of itself.
std::string describe_machine(const engine::Roofline& roofline, const std::string& torch);

// Multiply-adds in some time beside the machine's matrix product, "583 (1.92)": GFLOP/s, and their share.
std::string rate(std::int64_t multiply_adds, double seconds, const engine::Roofline& roofline);

}  // namespace faultline::bench
