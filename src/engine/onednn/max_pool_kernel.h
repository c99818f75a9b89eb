#pragma once

#include "engine/onednn/site.h"
#include "net/operator.h"

namespace faultline::engine::onednn {

// MaxPool of maps in any layout. Winners are recorded in the forward run, the first in row-major order of
// those that tie.
KernelPointer make_max_pool(const net::MaxPool& op, const Site& site);

}  // namespace faultline::engine::onednn
