#pragma once

#include <string>

#include "base/error.h"
#include "net/ops/kernel.h"

namespace faultline::net {

// Refuses what the model says about an operator: Error{model} "[Op] what".
template <class Op>
[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorKind::model, "[" + std::string(Op::kName) + "] " + what);
}

// The axis counted from the front. Error{model} unless -rank <= axis < rank.
template <class Op>
int resolve_axis(std::int64_t axis, int rank) {
  if (axis < -rank || axis >= rank) {
    refuse<Op>("axis " + std::to_string(axis) + ", expected one of " + std::to_string(rank) + " axes");
  }
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

}  // namespace faultline::net
