#pragma once

#include <type_traits>

#include "base/error.h"
#include "engine/observation.h"

namespace faultline::engine {

constexpr bool uses_gradient(Term f) {
  return f != Term::activation;
}

// Whether the summand has S_k.
constexpr bool uses_channel_sum(Term f) {
  return f == Term::damped_positive_gradient || f == Term::damping;
}

constexpr bool uses_activation(Term f) {
  return f == Term::activation || f == Term::gradient_activation || f == Term::positive_gradient_activation;
}

// The summand of a reduction at one element, or at several: V is double or a vector of them. channel_sum is
// S_k (used by the damped terms only).
template <Term F, class V>
[[gnu::always_inline]] inline void summand(const V& activation, const V& gradient, const V& channel_sum,
                                           V& result) {
  const V zero{};
  if constexpr (F == Term::activation) result = activation;
  if constexpr (F == Term::gradient) result = gradient;
  if constexpr (F == Term::gradient_activation) result = gradient * activation;
  if constexpr (F == Term::positive_gradient) result = gradient > zero ? gradient : zero;
  if constexpr (F == Term::positive_gradient_activation)
    result = (gradient > zero ? gradient : zero) * activation;
  if constexpr (F == Term::damped_positive_gradient) {
    const V positive = gradient > zero ? gradient : zero;
    const V damping = 2.0 + gradient * channel_sum;
    const V magnitude = damping < zero ? -damping : damping;
    result = magnitude < 1e-12 + zero ? zero : positive / damping;
  }
  if constexpr (F == Term::damping) {
    const V damping = 2.0 + gradient * channel_sum;
    const V magnitude = damping < zero ? -damping : damping;
    const V unless_vanishing = magnitude < 1e-12 + zero ? zero : 1.0 / damping;
    result = gradient == zero ? zero : unless_vanishing;
  }
}

// Calls Loop::run<f>(arguments...), so that inner loops are compiled for each term. No lambda: it would not
// be compiled for the instruction set of the function that it is in.
template <class Loop, class... Arguments>
[[gnu::always_inline]] inline void with_term(Term f, Arguments&&... arguments) {
  switch (f) {
    case Term::activation:
      return Loop::template run<Term::activation>(arguments...);
    case Term::gradient:
      return Loop::template run<Term::gradient>(arguments...);
    case Term::positive_gradient:
      return Loop::template run<Term::positive_gradient>(arguments...);
    case Term::gradient_activation:
      return Loop::template run<Term::gradient_activation>(arguments...);
    case Term::positive_gradient_activation:
      return Loop::template run<Term::positive_gradient_activation>(arguments...);
    case Term::damped_positive_gradient:
      return Loop::template run<Term::damped_positive_gradient>(arguments...);
    case Term::damping:
      return Loop::template run<Term::damping>(arguments...);
  }
}

// Calls call(std::integral_constant<int, block>): the channel blocks that engines use.
template <class Call>
void with_block(std::int64_t block, const Call& call) {
  switch (block) {
    case 1:
      return call(std::integral_constant<int, 1>{});
    case 8:
      return call(std::integral_constant<int, 8>{});
    case 16:
      return call(std::integral_constant<int, 16>{});
    default:
      throw ContractError("Observation: channel blocks are 1, 8 or 16");
  }
}

}  // namespace faultline::engine
