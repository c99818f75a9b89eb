#include "study/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "attack/smallest.h"

namespace faultline::study {

namespace {

// Row 0 is the clean input, row 1 the perturbed one.
constexpr std::size_t kPerturbed = 1;
// A difference of distraction below this is no movement of attention (the smallest effect that findings
// count).
constexpr double kSmallestDistraction = 0.05;

struct Ranked {
  std::size_t index;
  double value;
};

std::vector<Ranked> largest_first(std::vector<Ranked> entries, std::size_t keep) {
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Ranked& a, const Ranked& b) { return a.value > b.value; });
  entries.resize(std::min(entries.size(), keep));
  return entries;
}

std::string join(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
  }
  return text;
}

std::string percent(double probability) {
  if (probability > 0.9995) return "100 %";
  return fmt::format("{:.1f} %", 100 * probability);
}

std::vector<std::size_t> rows_of(const Analysis& analysis, compare::Role role) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < analysis.inputs.size(); ++row) {
    if (analysis.inputs[row].role == role) rows.push_back(row);
  }
  return rows;
}

std::string outcome(const Analysis& analysis, const formats::Manifest& manifest, const std::string& attack) {
  const InputRecord& clean = analysis.inputs[0];
  const InputRecord& perturbed = analysis.inputs[kPerturbed];
  const std::string before =
      fmt::format("\"{}\" ({})", class_name(manifest, clean.predicted_class), percent(clean.probability));
  if (!analysis.flipped()) {
    return fmt::format("{} did not change the answer {}; the class nearest to it is \"{}\".", attack, before,
                       class_name(manifest, analysis.response.classes.other_class));
  }
  std::string text =
      fmt::format("{} turned {} into \"{}\" ({}).", attack, before,
                  class_name(manifest, perturbed.predicted_class), percent(perturbed.probability));
  if (analysis.attack && analysis.attack->rounded.predicted == clean.predicted_class) {
    text +=
        " Stored with 8 bits a channel, the picture gets its right answer back: the success is in the "
        "fractions.";
  }
  return text;
}

std::string gaussian_outcome(const Analysis& analysis) {
  const auto rows = rows_of(analysis, compare::Role::gaussian);
  if (rows.empty()) return "There is no Gaussian noise of the same statistics to compare with.";
  const auto kept = std::count_if(rows.begin(), rows.end(), [&](std::size_t row) {
    return analysis.inputs[row].predicted_class == analysis.inputs[0].predicted_class;
  });
  if (kept == static_cast<std::ptrdiff_t>(rows.size())) {
    return fmt::format(
        "Gaussian noise with the same mean, standard deviation and length left the answer alone in all {} "
        "draws.",
        rows.size());
  }
  return fmt::format(
      "Gaussian noise with the same mean, standard deviation and length left the answer alone in {} of {} "
      "draws.",
      kept, rows.size());
}

std::string growth(const Analysis& analysis, const net::NetworkMap& map) {
  const auto& points = analysis.response.points;
  const compare::Measured total = points.back().log_excess[kPerturbed];
  if (!total)
    return "How the deviation grows beyond Gaussian noise cannot be said: a deviation is zero or there is no "
           "Gaussian draw.";
  std::vector<Ranked> steps;
  std::vector<std::string> beyond;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const compare::Measured step = points[i].step[kPerturbed];
    if (!step || *step <= 0) continue;
    steps.push_back({i, *step});
    if (points[i].harmless_steps && *step > points[i].harmless_steps->largest)
      beyond.push_back(map.points[i].name);
  }
  std::vector<std::string> named;
  for (const Ranked& each : largest_first(steps, 3)) {
    named.push_back(fmt::format("{} (x {:.2f})", map.points[each.index].name, std::exp(each.value)));
  }
  std::string text =
      fmt::format("At the logits it deviates {:.1f} times as far as Gaussian noise of the same length.",
                  std::exp(*total));
  if (!named.empty()) text += fmt::format(" It grows fastest at {}.", join(named));
  if (!points.back().harmless_steps)
    return text + " There is no structured harmless noise to hold the steps against.";
  return text +
         fmt::format(" At {} of {} points its step is larger than that of every structured harmless noise{}.",
                     beyond.size(), points.size() - 1,
                     beyond.empty() || beyond.size() > 6 ? "" : ": " + join(beyond));
}

// Distraction of one method at one layer: of the perturbed input, and the mean of the Gaussian ones.
struct Attention {
  compare::Measured perturbed;
  compare::Measured gaussian;
};

Attention attention_at(const Analysis& analysis, const compare::HeatmapResponse& response,
                       std::size_t distance) {
  Attention result{.perturbed = response.rows[kPerturbed].distances[distance], .gaussian = {}};
  double sum = 0;
  int count = 0;
  for (const std::size_t row : rows_of(analysis, compare::Role::gaussian)) {
    if (const auto value = response.rows[row].distances[distance]) {
      sum += *value;
      ++count;
    }
  }
  if (count > 0) result.gaussian = sum / count;
  return result;
}

std::string attention(const Analysis& analysis, const net::NetworkMap& map, const AnalysisOptions& options) {
  const auto& distances = options.compare.distances;
  const auto found = std::find_if(distances.begin(), distances.end(),
                                  [](const auto& each) { return each.name == "distraction"; });
  if (found == distances.end() || map.layers.empty()) return "Attention was not measured.";
  const auto distance = static_cast<std::size_t>(found - distances.begin());
  const std::string_view method = options.compare.methods.front().name;
  std::vector<Ranked> excess;
  std::vector<std::string> blank;
  for (std::size_t layer = 0; layer < map.layers.size(); ++layer) {
    const auto& response = analysis.response.heatmaps[layer].front();
    if (response.rows[kPerturbed].blank && !response.rows[0].blank) blank.push_back(map.layers[layer].name);
    const Attention at = attention_at(analysis, response, distance);
    if (at.perturbed && at.gaussian) excess.push_back({layer, *at.perturbed - *at.gaussian});
  }
  std::string text;
  const auto top = largest_first(excess, 1);
  if (top.empty()) {
    text = fmt::format("The {} heatmaps leave attention undefined: they are blank.", method);
  } else if (top[0].value < kSmallestDistraction) {
    text = fmt::format(
        "Attention ({}) stays on the area that the clean image concentrates on, at every layer.", method);
  } else {
    const Attention at = attention_at(analysis, analysis.response.heatmaps[top[0].index].front(), distance);
    const auto many = std::count_if(excess.begin(), excess.end(),
                                    [](const Ranked& each) { return each.value >= kSmallestDistraction; });
    text = fmt::format(
        "Attention ({}) leaves the area that the clean image concentrates on at {} of {} layers, most at {}: "
        "{:.0f} % of it is gone, against "
        "{:.0f} % under Gaussian noise.",
        method, many, map.layers.size(), map.layers[top[0].index].name, 100 * *at.perturbed,
        100 * *at.gaussian);
  }
  if (!blank.empty())
    text += fmt::format(" The heatmap is blank for the perturbed input alone at {}.", join(blank));
  return text;
}

// The points that end a segment, and what the segment contributed.
std::string margin(const Analysis& analysis, const net::NetworkMap& map, const formats::Manifest& manifest) {
  const auto& response = analysis.response;
  const double change = response.margins[kPerturbed] - response.margins[0];
  std::string text = fmt::format("The margin of \"{}\" over \"{}\" went from {:.2f} to {:.2f}.",
                                 class_name(manifest, response.classes.clean_class),
                                 class_name(manifest, response.classes.other_class), response.margins[0],
                                 response.margins[kPerturbed]);
  text += fmt::format(
      " Had the network been linear around the clean image, the change would have been {:+.2f} instead of "
      "{:+.2f}.",
      response.points.front().pull[kPerturbed], change);
  std::vector<Ranked> sizes;
  std::vector<std::string> names(response.segments.size());
  for (std::size_t i = 0; i < response.points.size(); ++i) {
    if (const auto segment = response.points[i].segment; segment && names[*segment].empty())
      names[*segment] = map.points[i].name;
  }
  for (std::size_t s = 0; s < response.segments.size(); ++s) {
    const double value = std::abs(response.contributions[s][kPerturbed]);
    if (!names[s].empty() && value >= 0.01 * std::abs(change)) sizes.push_back({s, value});
  }
  std::vector<std::string> named;
  for (const Ranked& each : largest_first(sizes, 3)) {
    named.push_back(
        fmt::format("{} ({:+.2f})", names[each.index], response.contributions[each.index][kPerturbed]));
  }
  if (!named.empty())
    text += fmt::format(" The non-linearities that moved it most are those of {}.", join(named));
  return text;
}

std::string unmatched(const Analysis& analysis) {
  const auto count = std::count_if(analysis.inputs.begin(), analysis.inputs.end(),
                                   [](const InputRecord& each) { return !each.matched; });
  return count == 0
             ? ""
             : fmt::format(
                   "{} control inputs could not be made as long as the perturbation and were left out.",
                   count);
}

}  // namespace

std::string class_name(const formats::Manifest& manifest, int class_index) {
  const auto index = static_cast<std::size_t>(class_index);
  return index < manifest.labels.size() ? manifest.labels[index] : "class " + std::to_string(class_index);
}

std::string describe_attack(const Settings& attack) {
  std::string name = attack.name();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (!attack.has("eps")) return name;
  const float eps = attack.pixels("eps");
  // An attack of one norm has no such parameter; L2 stands in its name.
  const std::string norm = attack.has("norm") ? attack.text("norm") : name.ends_with("-L2") ? "l2" : "linf";
  const std::string written = norm == "linf" ? "Linf" : "L" + norm.substr(1);
  if (static_cast<double>(eps) >= attack::kNoLimit) return fmt::format("{} ({})", name, written);
  if (norm != "linf") return fmt::format("{} ({}, eps {:.3g})", name, written, eps);
  const float steps = eps * 255;
  const bool whole = std::abs(steps - std::round(steps)) < 1e-3F;
  return whole ? fmt::format("{} (Linf, eps {:.0f}/255)", name, steps)
               : fmt::format("{} (Linf, eps {:.4g})", name, eps);
}

Verdict put_into_words(const Analysis& analysis, const Analyzer& analyzer) {
  const net::NetworkMap& map = analyzer.map();
  const formats::Manifest& manifest = analyzer.model().manifest;
  const AnalysisOptions& options = analyzer.options();
  const std::string attack = analysis.attack ? describe_attack(options.attack) : "The perturbation";
  Verdict verdict;
  verdict.flipped = analysis.flipped();
  verdict.headline = fmt::format("{} -> {}", class_name(manifest, analysis.inputs[0].predicted_class),
                                 class_name(manifest, analysis.inputs[kPerturbed].predicted_class));
  if (!verdict.flipped)
    verdict.headline = class_name(manifest, analysis.inputs[0].predicted_class) + ", unchanged";
  for (const std::string& sentence :
       {outcome(analysis, manifest, attack), gaussian_outcome(analysis), growth(analysis, map),
        attention(analysis, map, options), margin(analysis, map, manifest), unmatched(analysis)}) {
    if (!sentence.empty()) verdict.sentences.push_back(sentence);
  }
  return verdict;
}

}  // namespace faultline::study
