#pragma once

#include "engine/onednn/context.h"
#include "engine/onednn/site.h"
#include "net/operator.h"

namespace faultline::engine::onednn {

// The kernel of an operator other than a convolution on the layouts of its site; null if there is none for
// that site.
KernelPointer make_kernel(const net::Operator& op, const Site& site, Context& context);

}  // namespace faultline::engine::onednn
