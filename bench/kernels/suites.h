#pragma once

namespace faultline::bench {

// Each registers its benchmarks with Google Benchmark. A benchmark checks its answer against net's reference
// loops in double precision before it is timed, and fails if that is wrong.

void add_convolutions();  // every algorithm of engine/kernel_table.h, both directions, 1 and 8 images
void add_dense();         // 1, 8 and 10 images
void add_poolings();
void add_reductions();  // of engine/observation.h
void add_distances();   // of compare/catalogue.h

}  // namespace faultline::bench
