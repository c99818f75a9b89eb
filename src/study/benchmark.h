#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/run_control.h"
#include "engine/engine.h"
#include "engine/roofline.h"
#include "formats/load_model.h"

namespace faultline::study {

struct BenchmarkOptions {
  int inputs = 10;  // rows of the forward and the all-layer job
  int repeat = 5;
};

// Wall times of `repeat` runs, seconds, ascending; a run before them warms up.
struct Timing {
  std::vector<double> seconds;
  double median() const;
  double least() const { return seconds.front(); }
  double most() const { return seconds.back(); }
};

// How fast a model runs here.
struct Benchmark {
  engine::Roofline roofline;
  Timing load_compile;  // file -> plan that observes every layer
  Timing forward;       // of `inputs` rows
  Timing all_layers;    // forward, and Grad-CAM of each row's own class at all layers from one backward sweep
  Timing pgd10_batch1;  // PGD, Linf, 4/255, 10 steps, of 1 and of 8 images
  Timing pgd10_batch8;
  std::int64_t multiply_adds = 0;  // of convolutions and dense layers, of one row's forward pass
  std::vector<std::pair<std::string, engine::StepTime>>
      steps;                        // of one all-layer job: the node's name and its times
  double reductions_s = 0;          // of the same job: what its time is beyond the steps, nearly all heatmaps
  std::int64_t peak_rss_bytes = 0;  // of the process after load, forward and all_layers, before the attacks
};

// Images of uniform noise for a model, [N,3,H,W] in pixel units: the same for the same arguments.
Tensor benchmark_images(const formats::Model& model, int count, std::uint64_t seed);

// One pass and one sweep: Grad-CAM maps of each row's own class, [layer] of [N,h,w].
std::vector<DoubleTensor> all_layer_maps(engine::Plan& plan, const net::NetworkMap& map, TensorView images);

// Loads the model as often as it measures that. Reports progress in runs; may be stopped between two.
Benchmark run_benchmark(const std::function<formats::Model()>& load, const engine::Engine& engine,
                        const BenchmarkOptions& options, const RunControl& control);

}  // namespace faultline::study
