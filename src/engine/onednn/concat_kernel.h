#pragma once

#include "engine/onednn/site.h"
#include "net/operator.h"

namespace faultline::engine::onednn {

// Concatenation along the channels of values of any layout: whole blocks are copied where the channels fill
// them. Null if the axis is another or an input is constant.
KernelPointer make_concat(const net::Concat& op, const Site& site);

}  // namespace faultline::engine::onednn
