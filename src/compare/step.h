#pragma once

#include <span>
#include <vector>

#include "compare/measured.h"
#include "net/points.h"

namespace faultline::compare {

// What one point adds to the log excess of an input: step_l = e_l - e at the preceding point, of several
// predecessors the largest. Along a chain steps telescope: they sum to e_logits - e_input.
//   points in topological order, excess [points] of one input -> [points].
// Missing where e is, at a point that nothing precedes (the image), and where e is missing at every
// predecessor.
std::vector<Measured> steps(std::span<const net::Point> points, std::span<const Measured> excess);

}  // namespace faultline::compare
