#include <fmt/format.h>

#include "attack/catalogue.h"
#include "base/error.h"
#include "base/named.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "compare/catalogue.h"
#include "compare/faithfulness.h"
#include "control/catalogue.h"
#include "heatmap/methods.h"

namespace faultline::cli {

namespace {

struct ListOptions {
  std::string catalogue;
  std::optional<std::string> entry;
  bool json = false;
};

std::vector<ListedEntry> attacks() {
  std::vector<ListedEntry> entries;
  for (const attack::AttackEntry& entry : attack::attack_catalogue())
    entries.push_back({entry.name, entry.summary, entry.source, entry.parameters});
  return entries;
}

std::vector<ListedEntry> controls() {
  std::vector<ListedEntry> entries;
  for (const control::ControlEntry& entry : control::control_catalogue())
    entries.push_back({entry.name, entry.summary, entry.source, entry.parameters});
  return entries;
}

std::vector<ListedEntry> heatmaps() {
  std::vector<ListedEntry> entries;
  for (const heatmap::MethodSummary& method : heatmap::all_methods())
    entries.push_back({method.name, method.description, method.source, method.parameters});
  return entries;
}

std::vector<ListedEntry> metrics() {
  std::vector<ListedEntry> entries;
  for (const compare::MapDistance& distance : compare::map_distances())
    entries.push_back({distance.name, distance.description, distance.source, distance.parameters});
  for (const compare::FaithfulnessMeasure& measure : compare::faithfulness_measures())
    entries.push_back({measure.name, measure.description, measure.source, measure.parameters});
  return entries;
}

struct Catalogue {
  std::string_view name;
  const char* entry;  // one of them
  const char* usage;  // how they are chosen
  std::vector<ListedEntry> (*entries)();
};

constexpr std::array kCatalogues = {
    Catalogue{"attacks", "attack",
              "Of attack and analyze: --attack NAME, and --set PARAMETER=VALUE as often as needed", &attacks},
    Catalogue{
        "controls", "control",
        "Of analyze: --control NAME=DRAWS, once for each, else gaussian, shuffled, phase and boost are made; "
        "and --set NAME.PARAMETER=VALUE as often as needed",
        &controls},
    Catalogue{"heatmaps", "heatmap method",
              "Of explain: --method NAME; those of layers that take no passes of their own also of analyze: "
              "--heatmap NAME",
              &heatmaps},
    Catalogue{
        "metrics", "metric",
        "Distances of a heatmap from the clean one, of analyze: --metrics default or all; and from deletion "
        "on of faithfulness: --measures NAME, and --set NAME.PARAMETER=VALUE as often as needed",
        &metrics},
};

void list(const ListOptions& options) {
  const Catalogue& catalogue = named(std::span<const Catalogue>(kCatalogues), options.catalogue, "catalogue");
  std::vector<ListedEntry> entries = catalogue.entries();
  if (options.entry)
    entries = {named(std::span<const ListedEntry>(entries), *options.entry, catalogue.entry)};
  if (options.json) {
    const nlohmann::ordered_json document = {{"version", 1},
                                             {std::string(catalogue.name), listing_json(entries)}};
    print(document.dump(1) + "\n");
  } else {
    print(fmt::format("{}. docs/catalogue.md has formulas, costs and traps.\n\n{}", catalogue.usage,
                      listing_text(entries)));
  }
}

}  // namespace

void add_list(CLI::App& root, Session& session) {
  const auto options = std::make_shared<ListOptions>();
  CLI::App* command = root.add_subcommand(
      "list", "What there is to choose from: attacks, controls, heatmaps, metrics, with parameters");
  command->footer("\nExample: faultline list attacks pgd");
  command->add_option("CATALOGUE", options->catalogue, "attacks, controls, heatmaps or metrics")->required();
  command->add_option("NAME", options->entry, "One entry of it; default: all");
  command->add_flag("--json", options->json, "Print it as JSON");
  command->callback([&session, options] { session.action = [options] { list(*options); }; });
}

}  // namespace faultline::cli
