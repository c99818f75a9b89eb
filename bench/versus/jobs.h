#pragma once

#include <filesystem>
#include <string>

#include "versus/subject.h"
#include "versus/worker.h"

namespace faultline::bench {

// The same jobs here and in the worker, in turns, after both have answered alike; as markdown.
// Throws Error{model} if the answers differ.

// All-layer Grad-CAM of 10 images, PGD of one, `analyze` of one.
std::string compare_passes(const Subject& subject, Worker& worker, const std::filesystem::path& folder);

// PGD of 8 images at a time.
std::string compare_batched_attack(const Subject& subject, Worker& worker,
                                   const std::filesystem::path& folder);

// From the file to a compiled plan; from a state dict to a module.
std::string compare_loading(const Subject& subject, Worker& worker);

}  // namespace faultline::bench
