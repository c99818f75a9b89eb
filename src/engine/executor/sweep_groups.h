#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "engine/executor/rows_observation.h"
#include "engine/executor/terms.h"

namespace faultline::engine {

// The activation that belongs to the r-th result of a term; its gradient, null if the term has none.
template <class S>
const S* activation_row(const BoundRows<S>& bound, Term f, std::int64_t r) {
  const auto i = static_cast<std::size_t>(r);
  return bound.activations[uses_gradient(f) ? static_cast<std::size_t>(bound.seed_rows[i]) : i];
}
template <class S>
const S* gradient_row(const BoundRows<S>& bound, Term f, std::int64_t r) {
  return uses_gradient(f) ? bound.gradients[static_cast<std::size_t>(r)] : nullptr;
}
template <class S>
std::int64_t result_count(const BoundRows<S>& bound, Term f) {
  return std::ssize(uses_gradient(f) ? bound.gradients : bound.activations);
}

// Reductions that read the same rows, so that one sweep serves them all.
struct SweepGroup {
  std::int64_t results = 0;        // R
  Term rows = Term::activation;    // a term whose rows these are: see activation_row
  std::vector<std::size_t> terms;  // which of those asked for
};

// Terms with and without g have different rows, unless each row has one seed, in order.
template <class S>
std::vector<SweepGroup> sweep_groups(const BoundRows<S>& bound, std::span<const Term> terms) {
  bool row_by_row = bound.seed_rows.size() == bound.activations.size();
  for (std::size_t i = 0; row_by_row && i < bound.seed_rows.size(); ++i)
    row_by_row = bound.seed_rows[i] == static_cast<int>(i);
  std::vector<SweepGroup> groups;
  for (std::size_t t = 0; t < terms.size(); ++t) {
    auto group = std::ranges::find_if(groups, [&](const SweepGroup& each) {
      return row_by_row || uses_gradient(each.rows) == uses_gradient(terms[t]);
    });
    if (group == groups.end())
      group = groups.insert(group, {.results = result_count(bound, terms[t]), .rows = terms[t], .terms = {}});
    if (uses_gradient(terms[t])) group->rows = terms[t];
    group->terms.push_back(t);
  }
  return groups;
}

}  // namespace faultline::engine
