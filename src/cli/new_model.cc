#include <fmt/format.h>

#include "base/error.h"
#include "cli/commands.h"
#include "formats/manifest.h"
#include "formats/onnx_export.h"
#include "formats/vgg.h"

namespace faultline::cli {

namespace {

struct NewModelOptions {
  std::string architecture;
  std::string output;
  double width = 1;
  int classes = 1000;
  int input_size = 224;
};

void new_model(const NewModelOptions& options, const Session& session) {
  const std::filesystem::path path(options.output);
  if (path.extension() != ".onnx")
    throw Error(ErrorKind::usage, "--output " + options.output + ": expected a name that ends in .onnx");
  const net::Graph graph = formats::build_vgg({.layers = std::stoi(options.architecture.substr(3)),
                                               .seed = session.seed,
                                               .width = options.width,
                                               .classes = options.classes,
                                               .input_size = options.input_size});
  formats::Manifest manifest;
  manifest.name = fmt::format("{} with random weights (seed {})", options.architecture, session.seed);
  manifest.input = formats::preset("torchvision");
  manifest.input.width = manifest.input.height = options.input_size;
  manifest.input.resize.resize_to = std::max(options.input_size, options.input_size * 256 / 224);
  manifest.source = fmt::format("faultline new-model {} --seed {}", options.architecture, session.seed);
  RunControl({}, &stop_flag()).checkpoint();
  formats::write_onnx(graph, path);
  std::filesystem::path beside = path;
  formats::write_manifest(beside.replace_extension(".json"), manifest);
  std::int64_t parameters = 0;
  for (const net::Node& node : graph.nodes()) {
    if (const auto* constant = std::get_if<net::Constant>(&node.op))
      parameters += constant->value->elements();
  }
  print(fmt::format("{}: {} parameters, written to {} with {}\n", options.architecture, parameters,
                    path.string(), beside.filename().string()));
}

}  // namespace

void add_new_model(CLI::App& root, Session& session) {
  const auto options = std::make_shared<NewModelOptions>();
  CLI::App* command = root.add_subcommand(
      "new-model", "Write a network with random weights (He normal), for tests and benchmarks");
  command->footer("\nExample: faultline new-model vgg16 --seed 0 -o vgg16.onnx");
  command->add_option("ARCHITECTURE", options->architecture, "vgg11, vgg13, vgg16 or vgg19")
      ->required()
      ->check(CLI::IsMember({"vgg11", "vgg13", "vgg16", "vgg19"}));
  command->add_option("-o,--output", options->output, "The ONNX file; its manifest is written beside it")
      ->required();
  command->add_option("--width", options->width, "Width of all hidden layers, relative to the published one")
      ->capture_default_str();
  command->add_option("--classes", options->classes, "Number of classes")->capture_default_str();
  command->add_option("--input-size", options->input_size, "Height and width of the input, a multiple of 32")
      ->capture_default_str();
  add_seed_option(*command, session);
  add_common_options(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { new_model(*options, session); }; });
}

}  // namespace faultline::cli
