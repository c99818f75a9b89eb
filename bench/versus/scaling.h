#pragma once

#include <string>

#include "versus/subject.h"

namespace faultline::bench {

// How the forward pass and the all-layer Grad-CAM job grow with batch size, threads and precision; as
// markdown tables.
std::string measure_scaling(const Subject& subject);

}  // namespace faultline::bench
