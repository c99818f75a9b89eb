#pragma once

#include <filesystem>
#include <string>

#include "versus/subject.h"
#include "versus/worker.h"

namespace faultline::bench {

// PyTorch in two processes: as it is installed, and with an allocator that keeps what large tensors leave,
// where glibc's default returns it to the kernel, page by page.
struct Opponents {
  Worker plain;
  Worker tuned;
};

// The same jobs here and there, in turns, after all have answered alike; as markdown.
// Throws Error{model} if the answers differ.

// All-layer Grad-CAM of 10 images, PGD of one, `analyze` of one.
std::string compare_passes(const Subject& subject, Opponents& opponents, const std::filesystem::path& folder);

// PGD of 8 images at a time.
std::string compare_batched_attack(const Subject& subject, Opponents& opponents,
                                   const std::filesystem::path& folder);

// From the file to a compiled plan; from a state dict to a module.
std::string compare_loading(const Subject& subject, Opponents& opponents);

}  // namespace faultline::bench
