#include <array>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "base/named.h"
#include "engine/engine.h"
#include "engine/onednn/bf16_support.h"
#include "engine/onednn/onednn_engine.h"
#include "engine/reference/reference_engine.h"

namespace faultline::engine {

namespace {

struct Entry {
  std::string_view name;
  std::unique_ptr<Engine> (*make)(const EngineOptions& options);
};

std::unique_ptr<Engine> make_onednn(const EngineOptions& options) {
  EngineOptions possible = options;
  if (options.precision == Precision::bf16 && !onednn::has_bf16()) {
    log_warning(
        "precision bf16: oneDNN has no bfloat16 convolutions without AVX-512, which this processor lacks or "
        "ONEDNN_MAX_CPU_ISA rules out; computing in f32");
    possible.precision = Precision::f32;
  }
  return std::make_unique<OneDnnEngine>(std::move(possible));
}
std::unique_ptr<Engine> make_reference(const EngineOptions& /*options*/) {
  return std::make_unique<ReferenceEngine>();
}

// The default first.
constexpr std::array kEngines = {
    Entry{"onednn", make_onednn},
    Entry{"reference", make_reference},
};

}  // namespace

std::vector<std::string> engine_names() {
  std::vector<std::string> names;
  for (const Entry& entry : kEngines) names.emplace_back(entry.name);
  return names;
}

std::vector<Precision> available_precisions() {
  std::vector<Precision> available = {Precision::f32, Precision::fast};
  if (onednn::has_bf16()) available.push_back(Precision::bf16);
  return available;
}

std::unique_ptr<Engine> make_engine(const std::string& name, const EngineOptions& options) {
  return named(std::span<const Entry>(kEngines), name, "engine").make(options);
}

}  // namespace faultline::engine
