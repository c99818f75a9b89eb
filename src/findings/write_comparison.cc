#include "findings/write_comparison.h"

#include <fmt/format.h>

#include "base/one_line.h"
#include "findings/numbers.h"
#include "findings/rules.h"
#include "findings/wrapped.h"

namespace faultline::findings {
namespace {

Grid success_grid(const RunComparison& comparison) {
  Grid grid{
      .name = "success",
      .caption = "Images of both runs by whether the attack changed the answer in each; McNemar's test.",
      .columns = {"first", "second", "images", "both", "only_first", "only_second", "neither", "p"}};
  for (const ConditionComparison& of : comparison.conditions) {
    grid.rows.push_back({of.first, of.second, count(of.images), count(of.success.both),
                         count(of.success.only_first), count(of.success.only_second),
                         count(of.success.neither), of.success.p});
  }
  return grid;
}

Grid critical_grid(const RunComparison& comparison) {
  Grid grid{.name = "critical_eps",
            .caption =
                "Median of eps* of the first over eps* of the second, and the signed-rank test of its "
                "logarithm; missing where it is beyond what was tried.",
            .columns = {"first", "second", "ratio", "lower", "upper", "n", "censored_first",
                        "censored_second", "censored_both", "p", "rank_biserial"}};
  for (const ConditionComparison& of : comparison.conditions) {
    if (!of.critical) continue;
    const CriticalComparison& found = *of.critical;
    grid.rows.push_back({of.first, of.second, cell(found.ratio), cell(found.lower), cell(found.upper),
                         count(found.n), count(found.censored_first), count(found.censored_second),
                         count(found.censored_both), found.p, cell(found.rank_biserial)});
  }
  return grid;
}

Grid difference_grid(const RunComparison& comparison, std::string name, std::string caption,
                     const char* place, std::vector<PairedDifference> ConditionComparison::*family) {
  Grid grid{.name = std::move(name), .caption = std::move(caption), .columns = {"first", "second", place}};
  add_measure_columns(grid, "difference");
  grid.columns.insert(grid.columns.end(), {"p", "p_adjusted", "rank_biserial"});
  for (const ConditionComparison& of : comparison.conditions) {
    for (const PairedDifference& each : of.*family) {
      std::vector<Cell> row = {of.first, of.second, each.name};
      add_measure(row, each.difference);
      row.insert(row.end(), {each.p, each.p_adjusted, cell(each.rank_biserial)});
      grid.rows.push_back(std::move(row));
    }
  }
  return grid;
}

Grid ranking_grid(const RunComparison& comparison) {
  Grid grid{.name = "layer_rankings",
            .caption = "Kendall's tau between the two runs' rankings of convolution layers by mean step.",
            .columns = {"first", "second", "layers", "images", "tau", "p"}};
  for (const ConditionComparison& of : comparison.conditions) {
    const auto& tau = of.ranking.tau;
    grid.rows.push_back({of.first, of.second, count(of.ranking.layers), count(of.ranking.n),
                         cell(tau ? Measured{tau->tau} : Measured{}),
                         cell(tau ? Measured{tau->p} : Measured{})});
  }
  return grid;
}

std::string common_scope(const RunComparison& of) {
  return fmt::format("{} ({}) and {} ({}), {}; {} in both.", of.first_model, images(of.first_images),
                     of.second_model, images(of.second_images),
                     of.same_model ? "the same model" : "two models", images(of.common_images));
}

// Differences that hold after adjustment, in words.
std::string clear_differences(const std::vector<PairedDifference>& family, const std::string& what) {
  std::vector<std::string> named;
  for (const PairedDifference& each : family) {
    if (each.p_adjusted <= kAlpha && each.difference.estimate)
      named.push_back(fmt::format("{} {}", each.name, in_words(each.difference)));
  }
  if (family.empty() || family.front().difference.n == 0) return fmt::format("{} cannot be compared.", what);
  if (named.empty()) return fmt::format("{}: no difference is clear.", what);
  return fmt::format("{}, first minus second, where it is clear: {}.", what, fmt::join(named, ", "));
}

std::string critical_words(const CriticalComparison& found) {
  if (!found.ratio) return fmt::format("The ratio of eps* is beyond what was tried (n = {}).", found.n);
  const std::string ends =
      found.lower && found.upper
          ? fmt::format("95 % interval {} to {}, ", number(*found.lower), number(*found.upper))
          : "";
  return fmt::format("Median eps* of the first over the second: {} ({}n = {}, p {}).", number(*found.ratio),
                     ends, found.n, number(found.p));
}

std::string condition_words(const ConditionComparison& of) {
  std::string text = fmt::format(
      "Of {}, both answers changed in {}, only the first's in {}, only the second's in "
      "{} (p {}).",
      images(of.images), of.success.both, of.success.only_first, of.success.only_second,
      number(of.success.p));
  if (of.critical) text += " " + critical_words(*of.critical);
  text += " " + clear_differences(of.steps, "Steps");
  text += " " + clear_differences(of.shares, "Shapley shares");
  if (of.ranking.tau)
    text +=
        fmt::format(" Kendall's tau between the rankings of {} layers: {} (p {}, n = {}).", of.ranking.layers,
                    number(of.ranking.tau->tau), number(of.ranking.tau->p), of.ranking.n);
  return text;
}

}  // namespace

std::vector<Grid> grids(const RunComparison& comparison) {
  return {
      success_grid(comparison), critical_grid(comparison),
      difference_grid(
          comparison, "steps",
          "Steps by point, first minus second, over images that both attacks flipped; signed-rank "
          "tests, adjusted by Holm over the points.",
          "point", &ConditionComparison::steps),
      difference_grid(comparison, "shapley",
                      "Shapley shares, first minus second, over images whose flips survive rounding in both; "
                      "signed-rank tests, adjusted by Holm.",
                      "player", &ConditionComparison::shares),
      ranking_grid(comparison)};
}

nlohmann::ordered_json to_json(const RunComparison& comparison) {
  nlohmann::ordered_json json = {{"version", 1},
                                 {"first_model", comparison.first_model},
                                 {"second_model", comparison.second_model},
                                 {"same_model", comparison.same_model},
                                 {"first_images", comparison.first_images},
                                 {"second_images", comparison.second_images},
                                 {"common_images", comparison.common_images}};
  json["tables"] = nlohmann::ordered_json::object();
  for (const Grid& grid : grids(comparison)) json["tables"][grid.name] = to_json(grid);
  return json;
}

std::string to_markdown(const RunComparison& comparison) {
  std::string text = "# Comparison\n\n" + one_line(common_scope(comparison)) + "\n";
  for (const ConditionComparison& of : comparison.conditions)
    text += fmt::format("\n* {} and {}: {}\n", one_line(of.first), one_line(of.second),
                        one_line(condition_words(of)));
  for (const Grid& grid : grids(comparison)) {
    if (!grid.rows.empty()) text += fmt::format("\n## {}\n\n{}", grid.name, to_markdown(grid));
  }
  return text;
}

std::string to_text(const RunComparison& comparison) {
  std::string text = wrapped(common_scope(comparison));
  if (comparison.conditions.empty()) text += "The runs have no conditions that answer to each other.\n";
  for (const ConditionComparison& of : comparison.conditions) {
    text += "\n" + wrapped(fmt::format("{} and {}", of.first, of.second));
    text += wrapped(condition_words(of), 4);
  }
  return text;
}

}  // namespace faultline::findings
