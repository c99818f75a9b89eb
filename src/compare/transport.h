#pragma once

#include <cstdint>
#include <span>

namespace faultline::compare {

// The transport problem, solved exactly: the least of sum_ij f_ij cost_ij over flows f_ij >= 0 that carry
// supply_i away from each i and bring demand_j to each j.
//   supply [m], demand [n], > 0 and of equal sums (whole units, so that the method ends); cost [m,n]
//   row-major, finite and >= 0.
// By successive shortest paths with potentials (Ahuja, Magnanti and Orlin, "Network Flows", 1993, ch. 9.7).
// Throws ContractError if a condition is broken.
double least_transport_cost(std::span<const std::int64_t> supply, std::span<const std::int64_t> demand,
                            std::span<const double> cost);

}  // namespace faultline::compare
