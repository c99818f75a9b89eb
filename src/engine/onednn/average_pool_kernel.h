#pragma once

#include "engine/onednn/site.h"
#include "net/operator.h"

namespace faultline::engine::onednn {

// Means over windows of maps in any layout. A global average is the same with one window that is the whole
// map.
KernelPointer make_average_pool(const net::AveragePool& op, const Site& site);
KernelPointer make_average_pool(const net::GlobalAveragePool& op, const Site& site);

}  // namespace faultline::engine::onednn
