#pragma once

#include "engine/onednn/context.h"
#include "engine/onednn/site.h"

namespace faultline::engine::onednn {

// The same values in row-major order under another shape, so perhaps in another layout: Identity, Flatten,
// Reshape, Squeeze, Unsqueeze.
KernelPointer make_reshape(const Site& site, Context& context);

}  // namespace faultline::engine::onednn
