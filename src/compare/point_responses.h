#pragma once

#include <map>
#include <span>
#include <vector>

#include "compare/responses.h"

namespace faultline::compare {

// Fills in what the forward pass alone shows: norms, deviations, log excesses, steps and their harmless
// range.
//   gaussian, harmless: rows of the pass. -> one response for each point
std::vector<PointResponse> measure_deviations(const engine::Pass& pass, const net::NetworkMap& map,
                                              std::span<const std::size_t> gaussian,
                                              std::span<const std::size_t> harmless);

// What one backward sweep from the clean row's rival margins (see reach.h) shows.
struct MarginSweep {
  std::vector<std::map<net::NodeId, double>> pulls;           // [row]: pull at each node of the cut
  std::map<net::NodeId, std::vector<double>> gradient_norms;  // of each rival's margin at each node
};
MarginSweep sweep_margins(engine::Plan& plan, const engine::Pass& pass, const engine::Seeds& seeds,
                          std::span<const net::NodeId> cut);

// Fills in pulls, alignments and reach. gaps: z_c - z_j of the clean row for each rival.
void add_margin_measures(const net::NetworkMap& map, const MarginSweep& sweep, std::span<const double> gaps,
                         std::vector<PointResponse>& points);

}  // namespace faultline::compare
