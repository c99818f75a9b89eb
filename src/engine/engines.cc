#include <array>
#include <string_view>

#include "base/error.h"
#include "engine/engine.h"
#include "engine/onednn/onednn_engine.h"
#include "engine/reference/reference_engine.h"

namespace faultline::engine {

namespace {

struct Entry {
  std::string_view name;
  std::unique_ptr<Engine> (*make)();
};

template <class E>
std::unique_ptr<Engine> make() {
  return std::make_unique<E>();
}

// The default first.
constexpr std::array kEngines = {
    Entry{"onednn", make<OneDnnEngine>},
    Entry{"reference", make<ReferenceEngine>},
};

}  // namespace

std::vector<std::string> engine_names() {
  std::vector<std::string> names;
  for (const Entry& entry : kEngines) names.emplace_back(entry.name);
  return names;
}

std::unique_ptr<Engine> make_engine(const std::string& name) {
  std::string known;
  for (const Entry& entry : kEngines) {
    if (entry.name == name) return entry.make();
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  throw Error(ErrorKind::usage, "engine '" + name + "', expected one of: " + known);
}

}  // namespace faultline::engine
