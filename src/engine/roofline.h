#pragma once

namespace faultline::engine {

// What the machine can do with the compute threads that are set, measured now (about a second): the yardstick
// for passes.
struct Roofline {
  double sgemm_gflop_per_s =
      0;  // C = A B of 1536 x 1536 floats by oneDNN, two operations a multiply-add, best of several
  double stream_gb_per_s =
      0;  // a[i] = b[i] + s c[i] over arrays beyond any cache, 12 bytes an element, best of several
};
Roofline measure_roofline();

}  // namespace faultline::engine
