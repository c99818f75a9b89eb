#pragma once

#include <map>
#include <span>
#include <vector>

#include "compare/responses.h"

namespace faultline::compare {

// What one backward sweep from the clean row's rival margins (see reach.h) shows at each node of the cut.
struct MarginSweep {
  std::map<net::NodeId, engine::Differences> differences;     // from the clean row; dots are pulls
  std::map<net::NodeId, std::vector<double>> gradient_norms;  // of each rival's margin
  std::size_t rows = 0;
};
MarginSweep sweep_margins(engine::Plan& plan, const engine::Pass& pass, const engine::Seeds& seeds,
                          std::span<const net::NodeId> cut);

// The pull of one row at each node of the cut.
std::map<net::NodeId, double> pulls_of(const MarginSweep& sweep, std::size_t row);

// Norms, deviations, log excesses, steps and their harmless range.
//   gaussian, harmless: rows of the pass. -> one response for each point
std::vector<PointResponse> measure_deviations(const net::NetworkMap& map, const MarginSweep& sweep,
                                              std::span<const std::size_t> gaussian,
                                              std::span<const std::size_t> harmless);

// Fills in pulls, alignments and reach. gaps: z_c - z_j of the clean row for each rival.
void add_margin_measures(const net::NetworkMap& map, const MarginSweep& sweep, std::span<const double> gaps,
                         std::vector<PointResponse>& points);

}  // namespace faultline::compare
