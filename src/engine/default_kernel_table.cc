#include "engine/kernel_table.h"

namespace faultline::engine {

// Measured with `faultline tune` on an AVX-512 machine (docs/kernel_tables.md has the numbers).
const KernelTable& default_kernel_table() {
  static const KernelTable table{{
      {.algorithm = ConvAlgorithm::bf16, .isa = "avx512", .inputs = {.least = 16}, .outputs = {.least = 16}},
      {.algorithm = ConvAlgorithm::narrow, .backward = true, .inputs = {.most = 4}},
      {.algorithm = ConvAlgorithm::winograd,
       .inputs = {.least = 16},
       .outputs = {.least = 16},
       .height = {.least = 6},
       .width = {.least = 6},
       .kernel = {3, 3},
       .stride = {1, 1}},
  }};
  return table;
}

}  // namespace faultline::engine
