#include "study/benchmark.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "attack/catalogue.h"
#include "base/philox.h"
#include "heatmap/catalogue.h"
#include "heatmap/score.h"
#include "heatmap/sweep.h"

namespace faultline::study {

namespace {

std::int64_t peak_rss() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return std::int64_t{usage.ru_maxrss} * 1024;
}

std::vector<net::NodeId> layer_nodes(const net::NetworkMap& map) {
  std::vector<net::NodeId> nodes;
  for (const net::Layer& layer : map.layers) nodes.push_back(layer.post_activation);
  return nodes;
}

// Times runs one after the other, between which it can be stopped.
class Stopwatch {
 public:
  Stopwatch(const BenchmarkOptions& options, const RunControl& control)
      : options_(options), control_(control) {}

  template <class Run>
  Timing time(const std::string& what, const Run& run) {
    Timing timing;
    for (int i = 0; i <= options_.repeat; ++i) {
      control_.checkpoint();
      control_.report({done_++, kRows * (options_.repeat + 1), what});
      const auto start = std::chrono::steady_clock::now();
      run();
      const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
      if (i > 0) timing.seconds.push_back(elapsed.count());
    }
    std::sort(timing.seconds.begin(), timing.seconds.end());
    return timing;
  }

 private:
  static constexpr std::int64_t kRows = 5;
  const BenchmarkOptions& options_;
  const RunControl& control_;
  std::int64_t done_ = 0;
};

void attack_images(const attack::Attack& pgd, engine::Plan& plan, TensorView images,
                   const RunControl& control) {
  std::vector<std::string> keys;
  for (std::int64_t i = 0; i < images.shape()[0]; ++i) keys.push_back("benchmark/" + std::to_string(i));
  pgd.run(plan, {.images = images, .keys = keys}, control.without_progress());
}

// The steps' times of one all-layer job.
void profile(engine::Plan& plan, const net::NetworkMap& map, TensorView inputs, Benchmark& result) {
  const std::vector<engine::StepTime> before = plan.times();
  const auto start = std::chrono::steady_clock::now();
  all_layer_maps(plan, map, inputs);
  result.reductions_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::vector<engine::StepTime> after = plan.times();
  for (std::size_t i = 0; i < after.size(); ++i) {
    after[i].forward_s -= before[i].forward_s;
    after[i].backward_s -= before[i].backward_s;
    result.reductions_s -= after[i].forward_s + after[i].backward_s;
    result.steps.emplace_back(plan.graph().node(after[i].node).name, after[i]);
  }
}

}  // namespace

double Timing::median() const {
  const std::size_t middle = seconds.size() / 2;
  return seconds.size() % 2 == 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2;
}

Tensor benchmark_images(const formats::Model& model, int count, std::uint64_t seed) {
  const RandomStream stream(seed, "benchmark images");
  Tensor images(model.graph.infer_shapes(count)[static_cast<std::size_t>(model.graph.input())]);
  for (std::int64_t i = 0; i < images.elements(); ++i)
    images[i] = static_cast<float>(stream.uniform(static_cast<std::uint64_t>(i)));
  return images;
}

std::vector<DoubleTensor> all_layer_maps(engine::Plan& plan, const net::NetworkMap& map, TensorView images) {
  const auto pass = plan.forward(images);
  const auto seeds = heatmap::own_score(pass->logits(), {});
  const std::vector<heatmap::HeatmapMethod> methods = {heatmap::heatmap_method("gradcam")};
  std::vector<DoubleTensor> maps;
  for (auto& of_layer : heatmap::heatmaps_of_all_layers(plan, *pass, layer_nodes(map), methods, seeds))
    maps.push_back(std::move(of_layer.front()));
  return maps;
}

Benchmark run_benchmark(const std::function<formats::Model()>& load, const engine::Engine& engine,
                        const BenchmarkOptions& options, const RunControl& control) {
  Benchmark result;
  Stopwatch watch(options, control);
  {
    const formats::Model model = load();
    const auto plan = engine.compile(model.graph, {.observed = layer_nodes(model.map)});
    const Tensor images = benchmark_images(model, std::max(options.inputs, 8), 0);
    const TensorView inputs = images.view().rows(0, options.inputs);
    plan->forward(inputs.rows(0, 1));
    result.multiply_adds = plan->counters().multiply_adds;
    result.forward = watch.time("forward", [&] { plan->forward(inputs); });
    result.all_layers = watch.time("all layers", [&] { all_layer_maps(*plan, model.map, inputs); });
    result.peak_rss_bytes = peak_rss();
    profile(*plan, model.map, inputs, result);
    const auto pgd = attack::make_attack("pgd", {"eps=4/255", "steps=10"});
    result.pgd10_batch1 = watch.time("PGD-10 of 1 image",
                                     [&] { attack_images(*pgd, *plan, images.view().rows(0, 1), control); });
    result.pgd10_batch8 = watch.time("PGD-10 of 8 images",
                                     [&] { attack_images(*pgd, *plan, images.view().rows(0, 8), control); });
  }
  result.load_compile = watch.time("load and compile", [&] {
    const formats::Model model = load();
    engine.compile(model.graph, {.observed = layer_nodes(model.map)});
  });
  result.roofline = engine::measure_roofline();
  return result;
}

}  // namespace faultline::study
