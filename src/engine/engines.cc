#include <array>
#include <string_view>

#include "base/named.h"
#include "engine/engine.h"
#include "engine/onednn/onednn_engine.h"
#include "engine/reference/reference_engine.h"

namespace faultline::engine {

namespace {

struct Entry {
  std::string_view name;
  std::unique_ptr<Engine> (*make)(const EngineOptions& options);
};

std::unique_ptr<Engine> make_onednn(const EngineOptions& options) {
  return std::make_unique<OneDnnEngine>(options);
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

std::unique_ptr<Engine> make_engine(const std::string& name, const EngineOptions& options) {
  return named(std::span<const Entry>(kEngines), name, "engine").make(options);
}

}  // namespace faultline::engine
