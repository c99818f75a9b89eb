#include "cli/model_options.h"

namespace faultline::cli {

void add_model_options(CLI::App& command, ModelOptions& options) {
  command.add_option("MODEL", options.model, "The network, an ONNX file")->required();
  command.add_option("--manifest", options.manifest,
                     "What the network expects, its labels; default: MODEL with .json for .onnx");
  command.add_option("--preset", options.preset,
                     "Preprocessing, in place of the manifest's: " + formats::preset_names());
}

formats::Model load(const ModelOptions& options) {
  formats::LoadOptions load;
  if (options.manifest) load.manifest = *options.manifest;
  load.preset = options.preset;
  return formats::load_model(options.model, load);
}

void add_pictures(CLI::App& command, std::vector<std::string>& pictures) {
  command.add_option("PICTURES", pictures, "Pictures (JPEG, PNG, WebP, PPM) and folders of them")->required();
}

}  // namespace faultline::cli
