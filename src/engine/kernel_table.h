#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/precision.h"

namespace faultline::engine {

// How a convolution can be computed in one direction.
enum class ConvAlgorithm {
  direct,    // oneDNN's direct sum
  winograd,  // our F(4x4, 3x3); precision fast only
  narrow,    // our backward of a convolution of images, a direct sum
  bf16,      // oneDNN's direct sum of bfloat16; precision bf16 only
};
std::string_view name_of(ConvAlgorithm algorithm);

// What the choice may depend on, and nothing else: not the batch, the threads or a measurement at run time.
struct ConvSignature {
  bool backward = false;
  std::string isa;           // "avx512", "avx2", "sse41"
  std::int64_t inputs = 1;   // channels of the source
  std::int64_t outputs = 1;  // channels of the destination
  std::int64_t height = 1;   // of the source
  std::int64_t width = 1;
  std::int64_t kernel = 1;  // the larger side
  std::int64_t stride = 1;  // the larger one

  bool operator==(const ConvSignature&) const = default;
};

struct Bounds {
  std::int64_t least = 1;
  std::int64_t most = 1'000'000'000;
  bool contain(std::int64_t value) const { return least <= value && value <= most; }
};

// One line of a table: the algorithm for the convolutions that it fits.
struct KernelRule {
  ConvAlgorithm algorithm = ConvAlgorithm::direct;
  std::optional<bool> backward = {};  // either direction without
  std::string isa = {};               // any if empty
  Bounds inputs = {};
  Bounds outputs = {};
  Bounds height = {};
  Bounds width = {};
  Bounds kernel = {};
  Bounds stride = {};

  bool fits(const ConvSignature& signature) const;
};

// Which kernel computes which convolution: the first rule that fits, is allowed by the precision and possible
// for the convolution; direct after the last. The committed table (default_kernel_table) was measured;
// `faultline tune` writes others.
struct KernelTable {
  std::vector<KernelRule> rules;

  // {"version": 1, "rules": [{"algorithm": "winograd", "direction": "forward", "inputs": [64, 128], ...}]},
  // see docs/kernel_tables.md.
  std::string to_json() const;
  // Of to_json(), 64 hexadecimal digits: part of what makes a run reproducible.
  std::string sha256() const;
};

// Whether an algorithm may be used at a precision.
bool is_allowed(ConvAlgorithm algorithm, Precision precision);

const KernelTable& default_kernel_table();
// Throws Error{io} if the file cannot be read, Error{usage} naming the key for anything unexpected in it.
KernelTable read_kernel_table(const std::filesystem::path& file);

}  // namespace faultline::engine
