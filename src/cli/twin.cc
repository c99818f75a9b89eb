#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/sha256.h"
#include "cli/commands.h"
#include "cli/model_options.h"
#include "cli/progress.h"
#include "formats/onnx_export.h"
#include "study/image_list.h"
#include "study/input_image.h"
#include "study/twin.h"

namespace faultline::cli {

namespace {

struct TwinOptions {
  ModelOptions model;
  std::vector<std::string> pictures;
  std::string output;
  int images = 64;
};

// Pictures in the order of their hashes, so that neither names nor folders matter.
std::vector<study::InputImage> choose(const TwinOptions& options, const formats::Manifest& manifest) {
  std::vector<std::pair<std::string, std::filesystem::path>> files;
  for (const auto& file : study::list_images(options.pictures))
    files.emplace_back(sha256_hex_of_file(file), file);
  std::sort(files.begin(), files.end());
  const auto wanted = static_cast<std::size_t>(options.images);
  if (files.size() < wanted)
    log_warning(
        fmt::format("{} pictures, fewer than the {} that a twin is measured on", files.size(), wanted));
  files.resize(std::min(files.size(), wanted));
  std::vector<study::InputImage> images;
  for (const auto& [hash, file] : files) images.push_back(study::load_input(file, manifest));
  return images;
}

// What a twin was made from: the same text, the same twin.
std::string describe(const formats::Model& model, const std::vector<study::InputImage>& images,
                     const engine::Engine& engine, std::uint64_t seed) {
  std::string hashes;
  for (const auto& image : images) hashes += image.sha256;
  std::string settings = engine.name();
  for (const auto& [key, value] : engine.settings()) settings += fmt::format(",{}={}", key, value);
  return fmt::format("faultline twin of {} (sha256 {}), seed {}, {} pictures ({}), engine {}",
                     model.manifest.name, model.sha256, seed, images.size(), sha256_hex(hashes), settings);
}

bool is_there(const std::filesystem::path& path, const std::filesystem::path& manifest,
              const std::string& source) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored) || !std::filesystem::exists(manifest, ignored)) return false;
  return formats::read_manifest(manifest).source == source;
}

void make(const TwinOptions& options, const Session& session) {
  const std::filesystem::path path(options.output);
  if (path.extension() != ".onnx")
    throw Error(ErrorKind::usage, "--output " + options.output + ": expected a name that ends in .onnx");
  const formats::Model model = load(options.model);
  const auto images = choose(options, model.manifest);
  const auto engine = make_engine(session);
  formats::Manifest manifest = model.manifest;
  manifest.name = fmt::format("twin {} of {}", session.seed, model.manifest.name);
  manifest.source = describe(model, images, *engine, session.seed);
  std::filesystem::path beside = path;
  beside.replace_extension(".json");
  if (is_there(path, beside, manifest.source)) {
    print(fmt::format("{}: the same twin, made earlier\n", path.string()));
    return;
  }
  manifest.labels_file.clear();  // the labels stand in it: it may lie elsewhere
  std::vector<Tensor> pixels;
  for (const auto& image : images) pixels.push_back(image.pixels);
  net::Graph twin;
  {
    ProgressLine progress("layers set", session.quiet);
    twin = study::make_twin(model.graph, *engine, study::stack(pixels), session.seed, progress.control());
  }
  model.check_unchanged();
  formats::write_onnx(twin, path);
  formats::write_manifest(beside, manifest);  // last: it says that the model is there
  print(fmt::format("{}, written to {} with {}\n", manifest.name, path.string(), beside.filename().string()));
}

}  // namespace

void add_twin(CLI::App& root, Session& session) {
  const auto options = std::make_shared<TwinOptions>();
  CLI::App* command = root.add_subcommand(
      "twin", "Write a network's twin: the same graph with random weights, normalised on pictures");
  command->footer(
      "\nA twin shows what the architecture alone produces: whatever is found in it too is no property of "
      "what the\n"
      "network has learned. Weights are He normal, then each layer's units are scaled and shifted to mean 0 "
      "and\n"
      "standard deviation 1 before their activation. The file is a model like any other; one that was made "
      "from\n"
      "the same model, pictures and seed is not made again.\n"
      "Example: faultline twin models/squeezenet1.0.onnx images/street -o twin0.onnx --seed 0");
  add_model_options(*command, options->model);
  add_pictures(*command, options->pictures);
  command->add_option("-o,--output", options->output, "The ONNX file; its manifest is written beside it")
      ->required();
  command->add_option("--images", options->images, "How many of the pictures, in the order of their hashes")
      ->check(CLI::Range(2, 100000))
      ->capture_default_str();
  add_seed_option(*command, session);
  add_engine_option(*command, session);
  add_common_options(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { make(*options, session); }; });
}

}  // namespace faultline::cli
