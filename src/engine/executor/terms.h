#pragma once

#include <cmath>
#include <type_traits>

#include "base/error.h"
#include "engine/observation.h"

namespace faultline::engine {

constexpr bool uses_gradient(Term f) {
  return f != Term::activation;
}

constexpr bool uses_activation(Term f) {
  return f == Term::activation || f == Term::gradient_activation || f == Term::positive_gradient_activation;
}

// The summand of a reduction at one element. channel_sum is S_k (used by damped_positive_gradient only).
template <Term F>
double summand(double activation, double gradient, double channel_sum) {
  const double positive = gradient > 0 ? gradient : 0.0;
  if constexpr (F == Term::activation) return activation;
  if constexpr (F == Term::gradient) return gradient;
  if constexpr (F == Term::positive_gradient) return positive;
  if constexpr (F == Term::gradient_activation) return gradient * activation;
  if constexpr (F == Term::positive_gradient_activation) return positive * activation;
  if constexpr (F == Term::damped_positive_gradient) {
    const double damping = 2 + gradient * channel_sum;
    return std::abs(damping) < 1e-12 ? 0.0 : positive / damping;
  }
}

// Loads only what the term needs: the other pointer may be null.
template <Term F, class S>
double summand_at(const S* activation, const S* gradient, std::int64_t i, double channel_sum) {
  const double a = uses_activation(F) ? double{activation[i]} : 0.0;
  const double g = uses_gradient(F) ? double{gradient[i]} : 0.0;
  return summand<F>(a, g, channel_sum);
}

// Calls call(std::integral_constant<Term, f>), so that inner loops are compiled for each term.
template <class Call>
void with_term(Term f, const Call& call) {
  switch (f) {
    case Term::activation:
      return call(std::integral_constant<Term, Term::activation>{});
    case Term::gradient:
      return call(std::integral_constant<Term, Term::gradient>{});
    case Term::positive_gradient:
      return call(std::integral_constant<Term, Term::positive_gradient>{});
    case Term::gradient_activation:
      return call(std::integral_constant<Term, Term::gradient_activation>{});
    case Term::positive_gradient_activation:
      return call(std::integral_constant<Term, Term::positive_gradient_activation>{});
    case Term::damped_positive_gradient:
      return call(std::integral_constant<Term, Term::damped_positive_gradient>{});
  }
  throw ContractError("Observation: no such term");
}

// Calls call(std::integral_constant<std::int64_t, block>): the channel blocks that engines use.
template <class Call>
void with_block(std::int64_t block, const Call& call) {
  switch (block) {
    case 1:
      return call(std::integral_constant<std::int64_t, 1>{});
    case 8:
      return call(std::integral_constant<std::int64_t, 8>{});
    case 16:
      return call(std::integral_constant<std::int64_t, 16>{});
    default:
      throw ContractError("Observation: channel blocks are 1, 8 or 16");
  }
}

}  // namespace faultline::engine
