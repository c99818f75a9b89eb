#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>
#include <string>

#include "formats/load_model.h"

namespace faultline::cli {

// MODEL, --manifest and --preset, which all commands that take a model share.
struct ModelOptions {
  std::string model;
  std::optional<std::string> manifest;
  std::optional<std::string> preset;
};

void add_model_options(CLI::App& command, ModelOptions& options);
formats::Model load(const ModelOptions& options);

// Adds the positional PICTURES: files and folders, at least one.
void add_pictures(CLI::App& command, std::vector<std::string>& pictures);

}  // namespace faultline::cli
