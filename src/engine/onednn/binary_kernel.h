#pragma once

#include "engine/onednn/site.h"
#include "net/operator.h"

namespace faultline::engine::onednn {

// a + b, a - b, a b, a / b of two values of one shape, or of a value and a constant that is broadcast to its
// shape without the batch. Null for any other broadcast.
KernelPointer make_binary(const net::Binary& op, const Site& site);

}  // namespace faultline::engine::onednn
