#pragma once

#include <span>
#include <vector>

#include "compare/measured.h"
#include "engine/engine.h"
#include "heatmap/score.h"

namespace faultline::compare {

// The classes that an image may most easily be mistaken for: t first, then the clean runner-up and the next
// three (by logit, of equal ones the first) without repeating t. At most 5, fewer in a network of few
// classes. clean_logits [K], K >= 2.
std::vector<int> rival_classes(DoubleTensorView clean_logits, const heatmap::ClassPair& classes);

// Seeds s_j = z_c - z_j at `row`, one for each rival j in order: the first is the margin.
engine::Seeds rival_margins(std::int64_t classes, int clean_class, std::span<const int> rivals, int row);

// First-order distance of the activation to the boundary of its class:
//   min over rivals j of (z_c - z_j) / |d(z_c - z_j)/dA|,   in the activation's units; show it relative to
//   |A|.
// gaps and gradient_norms [rivals]. A rival whose gradient is 0 cannot be reached; missing if none can.
Measured reach(std::span<const double> gaps, std::span<const double> gradient_norms);

}  // namespace faultline::compare
