#pragma once

#include <span>

namespace faultline {

// The index of the largest value, the first of equals: of logits [K], the class that is predicted.
// Throws ContractError if there is none.
int argmax(std::span<const double> values);

}  // namespace faultline
