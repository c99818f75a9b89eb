#include "engine/kernel_table.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"
#include "base/json_object.h"
#include "base/sha256.h"

namespace faultline::engine {

using nlohmann::ordered_json;

namespace {

constexpr int kVersion = 1;

struct NamedAlgorithm {
  std::string_view name;
  ConvAlgorithm algorithm;
};
constexpr std::array kAlgorithms = {
    NamedAlgorithm{"direct", ConvAlgorithm::direct},
    NamedAlgorithm{"winograd", ConvAlgorithm::winograd},
    NamedAlgorithm{"narrow", ConvAlgorithm::narrow},
    NamedAlgorithm{"bf16", ConvAlgorithm::bf16},
};

// The bounded extents and their keys, in the order of the file.
struct Extent {
  const char* key;
  Bounds KernelRule::*bounds;
  std::int64_t ConvSignature::*value;
};
constexpr std::array kExtents = {
    Extent{"inputs", &KernelRule::inputs, &ConvSignature::inputs},
    Extent{"outputs", &KernelRule::outputs, &ConvSignature::outputs},
    Extent{"height", &KernelRule::height, &ConvSignature::height},
    Extent{"width", &KernelRule::width, &ConvSignature::width},
    Extent{"kernel", &KernelRule::kernel, &ConvSignature::kernel},
    Extent{"stride", &KernelRule::stride, &ConvSignature::stride},
};

bool is_any(const Bounds& bounds) {
  return bounds.least == Bounds{}.least && bounds.most == Bounds{}.most;
}

ordered_json to_json(const KernelRule& rule) {
  ordered_json json;
  json["algorithm"] = name_of(rule.algorithm);
  if (rule.backward) json["direction"] = *rule.backward ? "backward" : "forward";
  if (!rule.isa.empty()) json["isa"] = rule.isa;
  for (const Extent& extent : kExtents) {
    const Bounds& bounds = rule.*extent.bounds;
    if (!is_any(bounds)) json[extent.key] = {bounds.least, bounds.most};
  }
  return json;
}

ConvAlgorithm read_algorithm(JsonObject& object) {
  const std::string name = object.text("algorithm");
  std::string known;
  for (const NamedAlgorithm& entry : kAlgorithms) {
    if (entry.name == name) return entry.algorithm;
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  object.refuse("algorithm", "got \"" + name + "\", expected one of " + known);
}

KernelRule read_rule(JsonObject object) {
  KernelRule rule{.algorithm = read_algorithm(object)};
  if (object.has("direction")) {
    const std::string direction = object.text("direction");
    if (direction != "forward" && direction != "backward")
      object.refuse("direction", "got \"" + direction + "\", expected \"forward\" or \"backward\"");
    rule.backward = direction == "backward";
  }
  if (object.has("isa")) {
    rule.isa = object.text("isa");
    if (rule.isa != "avx512" && rule.isa != "avx2" && rule.isa != "sse41")
      object.refuse("isa", "got \"" + rule.isa + "\", expected \"avx512\", \"avx2\" or \"sse41\"");
  }
  for (const Extent& extent : kExtents) {
    if (!object.has(extent.key)) continue;
    const auto range = object.integers(extent.key, 2, 1, static_cast<int>(Bounds{}.most));
    if (range[0] > range[1]) object.refuse(extent.key, "expected the smaller number first");
    rule.*extent.bounds = {range[0], range[1]};
  }
  object.finish();
  return rule;
}

}  // namespace

std::string_view name_of(ConvAlgorithm algorithm) {
  return kAlgorithms.at(static_cast<std::size_t>(algorithm)).name;
}

bool is_allowed(ConvAlgorithm algorithm, Precision precision) {
  switch (algorithm) {
    case ConvAlgorithm::winograd:
      return precision == Precision::fast;
    case ConvAlgorithm::bf16:
      return precision == Precision::bf16;
    case ConvAlgorithm::direct:
    case ConvAlgorithm::narrow:
      return true;
  }
  return false;
}

bool KernelRule::fits(const ConvSignature& signature) const {
  if (backward && *backward != signature.backward) return false;
  if (!isa.empty() && isa != signature.isa) return false;
  return std::all_of(kExtents.begin(), kExtents.end(), [&](const Extent& extent) {
    return (this->*extent.bounds).contain(signature.*extent.value);
  });
}

std::string KernelTable::to_json() const {
  ordered_json json;
  json["version"] = kVersion;
  json["rules"] = ordered_json::array();
  for (const KernelRule& rule : rules) json["rules"].push_back(engine::to_json(rule));
  return json.dump(1) + "\n";
}

std::string KernelTable::sha256() const {
  return sha256_hex(to_json());
}

KernelTable read_kernel_table(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  const nlohmann::json content = nlohmann::json::parse(text, nullptr, false);
  if (content.is_discarded())
    throw Error(ErrorKind::usage,
                file.string() + ": is not JSON, expected a kernel table, as faultline tune writes it");
  JsonObject object(content, ErrorKind::usage, file.string(), "");
  object.integer("version", kVersion, kVersion);
  KernelTable table;
  for (JsonObject& rule : object.objects("rules")) table.rules.push_back(read_rule(rule));
  object.finish();
  return table;
}

}  // namespace faultline::engine
