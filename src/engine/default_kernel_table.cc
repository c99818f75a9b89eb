#include "engine/kernel_table.h"

namespace faultline::engine {

// Measured with `faultline tune` on AVX-512 and AVX2 (docs/kernel_tables.md has the numbers).
const KernelTable& default_kernel_table() {
  static const KernelTable table{{
      // A 1x1 convolution of few channels costs less than rounding what it reads.
      {.algorithm = ConvAlgorithm::bf16,
       .isa = "avx512",
       .inputs = {.least = 48},
       .outputs = {.least = 48},
       .kernel = {1, 1}},
      {.algorithm = ConvAlgorithm::bf16,
       .isa = "avx512",
       .inputs = {.least = 16},
       .outputs = {.least = 16},
       .kernel = {.least = 2}},
      {.algorithm = ConvAlgorithm::narrow, .backward = true, .inputs = {.most = 4}},
      // Tiles are 4x4, so that maps of 4x4 waste nothing, of 5x5 more than half, of 6x6 nearly half of them:
      // that pays with many channels only.
      {.algorithm = ConvAlgorithm::winograd,
       .inputs = {.least = 8},
       .outputs = {.least = 8},
       .height = {.least = 8},
       .width = {.least = 8},
       .kernel = {3, 3},
       .stride = {1, 1}},
      {.algorithm = ConvAlgorithm::winograd,
       .inputs = {.least = 128},
       .outputs = {.least = 128},
       .height = {.least = 6},
       .width = {.least = 6},
       .kernel = {3, 3},
       .stride = {1, 1}},
      {.algorithm = ConvAlgorithm::winograd,
       .inputs = {.least = 128},
       .outputs = {.least = 128},
       .height = {4, 4},
       .width = {4, 4},
       .kernel = {3, 3},
       .stride = {1, 1}},
  }};
  return table;
}

}  // namespace faultline::engine
