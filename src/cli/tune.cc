#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/parallel.h"
#include "cli/commands.h"
#include "cli/model_options.h"
#include "cli/progress.h"
#include "engine/tune.h"

namespace faultline::cli {
namespace {

using Json = nlohmann::ordered_json;

struct TuneCommand {
  ModelOptions model;
  std::string output;
  engine::TuneOptions tune;
  bool json = false;
};

const char* direction_of(const engine::TunedConvolution& convolution) {
  return convolution.signature.backward ? "backward" : "forward";
}

// "64 -> 128, 112x112, 3x3/2": channels, the source's map, kernel and stride.
std::string shape_of(const engine::ConvSignature& of) {
  std::string text =
      fmt::format("{} -> {}, {}x{}, {}x{}", of.inputs, of.outputs, of.height, of.width, of.kernel, of.kernel);
  if (of.stride > 1) text += fmt::format("/{}", of.stride);
  return text;
}

std::string table(const std::vector<engine::TunedConvolution>& convolutions) {
  std::string text =
      fmt::format("{:<30} {:<9} {:>2}  ms a row, fastest first (GFLOP/s)\n", "convolution", "direction", "n");
  for (const engine::TunedConvolution& convolution : convolutions) {
    text += fmt::format("{:<30} {:<9} {:>2}", shape_of(convolution.signature), direction_of(convolution),
                        convolution.count);
    for (const engine::AlgorithmTime& time : convolution.times) {
      text += fmt::format("  {} {:.3f} ({:.0f})", engine::name_of(time.algorithm), 1e3 * time.seconds,
                          2e-9 * static_cast<double>(convolution.multiply_adds) / time.seconds);
    }
    text += "\n";
  }
  return text;
}

Json to_json(const engine::TunedConvolution& convolution) {
  const engine::ConvSignature& of = convolution.signature;
  Json times = Json::array();
  for (const engine::AlgorithmTime& time : convolution.times) {
    times.push_back({{"algorithm", engine::name_of(time.algorithm)},
                     {"implementation", time.implementation},
                     {"seconds", time.seconds}});
  }
  return {{"node", convolution.node},
          {"count", convolution.count},
          {"direction", direction_of(convolution)},
          {"isa", of.isa},
          {"inputs", of.inputs},
          {"outputs", of.outputs},
          {"height", of.height},
          {"width", of.width},
          {"kernel", of.kernel},
          {"stride", of.stride},
          {"multiply_adds", convolution.multiply_adds},
          {"times", std::move(times)}};
}

void print_json(const TuneCommand& command, const engine::KernelTable& kernels,
                const std::vector<engine::TunedConvolution>& convolutions) {
  Json list = Json::array();
  for (const auto& convolution : convolutions) list.push_back(to_json(convolution));
  const Json document = {{"version", 1},
                         {"model", command.model.model},
                         {"kernel_table", kernels.sha256()},
                         {"threads", compute_threads()},
                         {"rows", command.tune.rows},
                         {"repeat", command.tune.repeat},
                         {"convolutions", std::move(list)}};
  print(document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

void tune(const TuneCommand& command, const Session& session) {
  const formats::Model model = load(command.model);
  std::vector<engine::TunedConvolution> convolutions;
  {
    ProgressLine progress("measured", session.quiet || command.json);
    convolutions = engine::measure_convolutions(model.graph, command.tune, progress.control());
  }
  const engine::KernelTable kernels = engine::tuned_table(convolutions);
  write_file(command.output, kernels.to_json());
  if (command.json) {
    print_json(command, kernels, convolutions);
  } else {
    print(table(convolutions) +
          fmt::format("{} rules written to {}\n", kernels.rules.size(), command.output));
  }
}

}  // namespace

void add_tune(CLI::App& root, Session& session) {
  const auto command = std::make_shared<TuneCommand>();
  CLI::App* app =
      root.add_subcommand("tune", "Measure which kernel computes each convolution of a network fastest here");
  app->footer(
      "\nWrites a kernel table for the option --kernels of other commands (docs/kernel_tables.md). Run it on "
      "a "
      "machine that does nothing else.\n"
      "Example: faultline tune models/squeezenet1.0.onnx -o squeezenet-kernels.json");
  add_model_options(*app, command->model);
  app->add_option("-o,--output", command->output, "The table, a JSON file")->required();
  app->add_option("--rows", command->tune.rows, "Pictures in a run")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app->add_option("--repeat", command->tune.repeat,
                  "Runs of each algorithm, after one that warms up; the median counts")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app->add_flag("--json", command->json, "The measured times as JSON on stdout (docs/json.md)");
  add_common_options(*app, session);
  app->callback([&session, command] { session.action = [&session, command] { tune(*command, session); }; });
}

}  // namespace faultline::cli
