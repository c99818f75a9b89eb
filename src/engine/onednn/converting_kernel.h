#pragma once

#include <vector>

#include "engine/onednn/site.h"

namespace faultline::engine::onednn {

// The layouts of a kernel's variable inputs and of its output.
struct KernelLayouts {
  std::vector<Layout> inputs;
  Layout output;
  bool operator==(const KernelLayouts&) const = default;
};

// Runs a kernel that computes in `inner` layouts on values that lie in `outer` ones: converts what it reads
// and writes, and counts that as reorders. Where the two are the same it is the kernel itself.
KernelPointer make_converting(KernelPointer kernel, KernelLayouts inner, KernelLayouts outer);

}  // namespace faultline::engine::onednn
