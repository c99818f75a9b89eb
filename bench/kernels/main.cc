#include <benchmark/benchmark.h>

#include <cstdio>
#include <exception>

#include "base/parallel.h"
#include "kernels/suites.h"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  try {
    faultline::bench::add_convolutions();
    faultline::bench::add_dense();
    faultline::bench::add_poolings();
    faultline::bench::add_reductions();
    faultline::bench::add_distances();
    benchmark::AddCustomContext("compute threads", std::to_string(faultline::compute_threads()));
    benchmark::RunSpecifiedBenchmarks();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_kernels: %s\n", error.what());
    return 1;
  }
  return 0;
}
