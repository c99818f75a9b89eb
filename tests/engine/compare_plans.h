#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"

namespace faultline::test {

// Runs two plans of the same graph, compiled to observe the same nodes, through forward, backward, resume and
// interventions (freezing too if `freezable`) and says where they differ by more than round-off of relative
// size `epsilon`, in proportion to the lengths of the sums. Each plan's resumed pass must also equal its own
// whole run bit for bit.
//   Images are drawn from `seed`; again where the expected plan's own gradient jumps under a perturbation of
//   the size of round-off (a gate or winner on the edge), for there two right answers may differ.
std::vector<std::string> differences(engine::Plan& actual, engine::Plan& expected,
                                     const std::vector<net::NodeId>& observed, bool freezable,
                                     std::uint64_t seed, double epsilon);

}  // namespace faultline::test
