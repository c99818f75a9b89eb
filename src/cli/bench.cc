#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/parallel.h"
#include "cli/commands.h"
#include "cli/model_options.h"
#include "cli/progress.h"
#include "study/benchmark.h"
#include "study/engine_json.h"

namespace faultline::cli {
namespace {

using Json = nlohmann::ordered_json;

struct BenchOptions {
  ModelOptions model;
  study::BenchmarkOptions benchmark;
  bool json = false;
  bool profile = false;
};

Json timing_json(const study::Timing& timing) {
  return {{"median_s", timing.median()}, {"least_s", timing.least()}, {"most_s", timing.most()}};
}

void print_json(const BenchOptions& options, const engine::Engine& engine, const study::Benchmark& result) {
  const Json document = {{"version", 1},
                         {"model", options.model.model},
                         {"engine", study::engine_json(engine)},
                         {"threads", compute_threads()},
                         {"inputs", options.benchmark.inputs},
                         {"repeat", options.benchmark.repeat},
                         {"multiply_adds", result.multiply_adds},
                         {"forward", timing_json(result.forward)},
                         {"all_layers", timing_json(result.all_layers)},
                         {"pgd10_batch1", timing_json(result.pgd10_batch1)},
                         {"pgd10_batch8", timing_json(result.pgd10_batch8)},
                         {"load_compile", timing_json(result.load_compile)},
                         {"peak_rss_bytes", result.peak_rss_bytes},
                         {"roofline",
                          {{"sgemm_gflop_per_s", result.roofline.sgemm_gflop_per_s},
                           {"stream_gb_per_s", result.roofline.stream_gb_per_s}}}};
  print(document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

// One row of the table; passes: forward and backward passes of one image in it, 0 where that says nothing.
std::string line(const std::string& name, const study::Timing& timing, double passes,
                 const study::Benchmark& result) {
  std::string text = fmt::format("{:<34} {:9.3f} s   {:.3f} to {:.3f}", name, timing.median(), timing.least(),
                                 timing.most());
  if (passes > 0) {
    const double rate = 2e-9 * passes * static_cast<double>(result.multiply_adds) / timing.median();
    text += fmt::format("   {:7.0f} GFLOP/s = {:.2f} of the matrix product", rate,
                        rate / result.roofline.sgemm_gflop_per_s);
  }
  return text + "\n";
}

// Where the time of one all-layer job went, in milliseconds an input.
std::string profile_table(const study::Benchmark& result, int inputs) {
  std::string text = "\nms an input    forward   GFLOP/s   backward   GFLOP/s\n";
  const double scale = 1e3 / inputs;
  const auto rate = [&](double seconds, std::int64_t multiply_adds) {
    if (multiply_adds == 0 || seconds == 0) return std::string(9, ' ');
    return fmt::format("{:9.0f}", 2e-9 * static_cast<double>(multiply_adds) * inputs / seconds);
  };
  for (const auto& [name, step] : result.steps) {
    text += fmt::format("{:<12} {:9.2f} {}  {:9.2f} {}   {}\n", name.substr(0, 12), scale * step.forward_s,
                        rate(step.forward_s, step.multiply_adds), scale * step.backward_s,
                        rate(step.backward_s, step.multiply_adds), step.implementation);
  }
  return text + fmt::format("{:<12} {:9.2f}\n", "heatmaps", scale * result.reductions_s);
}

void print_table(const BenchOptions& options, const study::Benchmark& result) {
  const int inputs = options.benchmark.inputs;
  // PGD: the clean pass, one a step and the rounded one forward; one a step backward.
  constexpr double kAttackPasses = 23;
  std::string text = fmt::format("{}, {} threads, median of {} runs, least to most\n", options.model.model,
                                 compute_threads(), options.benchmark.repeat);
  text += line(fmt::format("forward of {} inputs", inputs), result.forward, inputs, result);
  text += line(fmt::format("Grad-CAM of {} at all layers", inputs), result.all_layers, 2 * inputs, result);
  text += line("PGD, 10 steps, 1 image", result.pgd10_batch1, kAttackPasses, result);
  text += line("PGD, 10 steps, 8 images", result.pgd10_batch8, 8 * kAttackPasses, result);
  text += line("load and compile", result.load_compile, 0, result);
  text += fmt::format("{:<34} {:9.2f} GB\n", "peak memory of the all-layer job",
                      static_cast<double>(result.peak_rss_bytes) * 1e-9);
  text += fmt::format("this machine: matrix product {:.0f} GFLOP/s, memory {:.1f} GB/s\n",
                      result.roofline.sgemm_gflop_per_s, result.roofline.stream_gb_per_s);
  if (options.profile) text += profile_table(result, inputs);
  print(text);
}

void bench(const BenchOptions& options, const Session& session) {
  const auto engine = make_engine(session);
  load(options.model).require_logits("bench");
  ProgressLine progress("measured", session.quiet || options.json);
  const study::Benchmark result = study::run_benchmark([&] { return load(options.model); }, *engine,
                                                       options.benchmark, progress.control());
  if (options.json) {
    print_json(options, *engine, result);
  } else {
    print_table(options, result);
  }
}

}  // namespace

void add_bench(CLI::App& root, Session& session) {
  const auto options = std::make_shared<BenchOptions>();
  CLI::App* command =
      root.add_subcommand("bench", "How fast a network runs here, beside what the machine can do");
  command->footer(
      "\nWinograd's algorithm needs a quarter of a 3x3 convolution's products, so that rates beyond the "
      "matrix product's are "
      "no error.\nExample: faultline bench models/vgg16-slim-imagenette.onnx");
  add_model_options(*command, options->model);
  command->add_option("--inputs", options->benchmark.inputs, "Pictures in the forward and the all-layer job")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_option("--repeat", options->benchmark.repeat, "Runs of each, after one that warms up")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_flag("--profile", options->profile,
                    "Also where the time of the all-layer job goes, step by step");
  command->add_flag("--json", options->json, "JSON on stdout (docs/json.md)");
  add_engine_option(*command, session);
  add_common_options(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { bench(*options, session); }; });
}

}  // namespace faultline::cli
