#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/run_control.h"
#include "engine/kernel_table.h"
#include "net/graph.h"

namespace faultline::engine {

struct TuneOptions {
  int rows = 4;    // images in a run
  int repeat = 9;  // runs of each algorithm, after one that warms up
};

struct AlgorithmTime {
  ConvAlgorithm algorithm = ConvAlgorithm::direct;
  std::string implementation = {};  // "winograd (avx512)"
  double seconds = 0;               // of one row, the median of the runs
};

// One direction of a shape of convolution that a network has, and what it costs by each algorithm that can
// compute it here.
struct TunedConvolution {
  ConvSignature signature = {};
  std::string node = {};                  // the first convolution of this shape, which is measured
  int count = 1;                          // how many the network has
  std::int64_t multiply_adds = 0;         // of one row
  std::vector<AlgorithmTime> times = {};  // fastest first
};

// Measures the convolutions of a network of the onednn engine, on random values, with the compute threads
// that are set. The algorithms of a shape take turns, so that what slows the machine for a while slows all.
// Reports progress in shapes; may be stopped between two runs. Throws as Engine::compile.
std::vector<TunedConvolution> measure_convolutions(const net::Graph& graph, const TuneOptions& options,
                                                   const RunControl& control);

// The table that the measurements say: for each shape rules that fit nothing else, its algorithms from the
// fastest one to the first that every precision allows, so that each precision finds its fastest; after them
// the default table's rules, for other networks.
KernelTable tuned_table(const std::vector<TunedConvolution>& convolutions);

}  // namespace faultline::engine
