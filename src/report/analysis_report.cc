#include "report/analysis_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/files.h"
#include "image/encode.h"
#include "report/analysis_figures.h"
#include "report/glossary.h"

namespace faultline::report {

namespace {

constexpr double kPngScale = 1.5;  // crisp on a dense screen, and still small

// The point with the perturbed input's largest step, and the layer that it distracts most.
std::string largest_step(const study::Analysis& analysis, const net::NetworkMap& map) {
  std::string name = "-";
  double largest = 0;
  for (std::size_t i = 0; i < map.points.size(); ++i) {
    const auto step = analysis.response.points[i].step[1];
    if (step && *step > largest) {
      largest = *step;
      name = fmt::format("{} (x {:.2f})", map.points[i].name, std::exp(*step));
    }
  }
  return name;
}

std::string total_excess(const study::Analysis& analysis) {
  const auto total = analysis.response.points.back().log_excess[1];
  return total ? fmt::format("x {:.1f}", std::exp(*total)) : "-";
}

// Of the controls that are as long as the perturbation: others are made to change the answer, or not to.
std::string controls_kept(const study::Analysis& analysis) {
  const auto& inputs = analysis.inputs;
  int kept = 0;
  int all = 0;
  for (auto input = inputs.begin() + 2; input != inputs.end(); ++input) {
    if (!input->matched || !input->as_long) continue;
    ++all;
    kept += input->predicted_class == inputs[0].predicted_class ? 1 : 0;
  }
  return fmt::format("{} of {}", kept, all);
}

}  // namespace

AnalysisReport::AnalysisReport(std::filesystem::path folder, const study::Analyzer& analyzer,
                               ReportOptions options)
    : folder_(std::move(folder)), analyzer_(analyzer), options_(options) {
  make_folder(folder_ / "figures");
  page_.overview_columns = {"answer kept under control noise",
                            "deviation at the logits, relative to Gaussian", "grows fastest at"};
  page_.glossary = glossary();
  page_.links = {{"All numbers (analysis.json)", "analysis.json"}};
}

void AnalysisReport::add(const study::Analysis& analysis, const study::Verdict& verdict) {
  PageSection section;
  section.id = names_.next(analysis.image.file);
  section.title = analysis.image.file.filename().string();
  // A '%' of an escaped name is to be taken literally in an address.
  const auto address = [&](const std::string& suffix) { return "figures/" + url_path(section.id + suffix); };
  const auto path = [&](const std::string& suffix) { return folder_ / "figures" / (section.id + suffix); };
  write_png(path("-input.png"), analysis.image.pixels);
  const Canvas grid = heatmap_grid(analysis, analyzer_, 0);
  grid.save_png(path("-maps.png"), kPngScale);
  if (options_.svg) grid.save_svg(path("-maps.svg"));
  const Canvas curves = response_curves(analysis, analyzer_);
  curves.save_png(path("-curves.png"), kPngScale);
  curves.save_svg(path("-curves.svg"));
  section.thumbnail = address("-input.png");
  section.headline = verdict.headline;
  section.alarming = verdict.flipped;
  section.overview = {controls_kept(analysis), total_excess(analysis),
                      largest_step(analysis, analyzer_.map())};
  section.sentences = verdict.sentences;
  section.figures.push_back({address("-maps.png"), options_.svg ? address("-maps.svg") : "",
                             "Heatmaps at every layer. Compare the adversarial row with the clean one, then "
                             "with the control rows: where only the "
                             "adversarial map has moved, the noise has drawn attention away.",
                             "Grid of heatmaps: rows are inputs, columns are layers"});
  section.figures.push_back(
      {address("-curves.png"), address("-curves.svg"),
       "From the image (left) to the logits (right). The step panel ranks points: a line above the grey band "
       "deviates more "
       "there than structured harmless noise does.",
       "Curves over the network's points: log excess, step, distraction, alignment, contribution"});
  page_.sections.push_back(std::move(section));
  ++(verdict.flipped ? flipped_ : unchanged_);
}

void AnalysisReport::add_failure(const std::string& file, const std::string& reason) {
  failures_.push_back(file + ": " + reason);
}

std::filesystem::path AnalysisReport::finish() {
  const study::AnalysisOptions& options = analyzer_.options();
  const std::string attack = study::describe_attack(options.attack);
  page_.title = "Where adversarial noise breaks " + analyzer_.model().manifest.name;
  page_.lead =
      "Each picture was perturbed twice by the same amount: with noise that an attack computed, and with "
      "noise that is merely random. Below, layer by "
      "layer, where the network's response to the first departs from its response to the second. A single "
      "picture shows patterns, not findings.";
  page_.facts = {{"model", analyzer_.model().manifest.name},
                 {"attack", attack},
                 {"pictures", std::to_string(flipped_ + unchanged_)},
                 {"answers changed", fmt::format("{} of {}", flipped_, flipped_ + unchanged_)},
                 {"seed", std::to_string(options.seed)}};
  for (const std::string& failure : failures_) page_.facts.push_back({"not analysed", failure});
  std::filesystem::path index = folder_ / "index.html";
  write_file(index, render(page_));
  return index;
}

}  // namespace faultline::report
