#include "study/layer_tests.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/random_permutation.h"
#include "net/topology.h"
#include "study/analysis_inputs.h"

namespace faultline::study {

namespace {

DoubleTensor minus(const DoubleTensor& a, const DoubleTensor& b) {
  DoubleTensor result(a.shape());
  for (std::int64_t i = 0; i < a.elements(); ++i) result[i] = a[i] - b[i];
  return result;
}

// [C]: <dm/dA_k, A'_k - A_k> of each channel.
std::vector<double> channel_pulls(const DoubleTensor& gradient, const DoubleTensor& change) {
  const std::int64_t channels = gradient.shape()[0];
  const std::int64_t positions = gradient.elements() / channels;
  std::vector<double> pulls(static_cast<std::size_t>(channels));
  for (std::int64_t i = 0; i < gradient.elements(); ++i)
    pulls[static_cast<std::size_t>(i / positions)] += gradient[i] * change[i];
  return pulls;
}

}  // namespace

LayerTestGrids::LayerTestGrids(bool fine)
    : dose(fine ? causal::DoseGrid{.points = 32, .resolution = 1.0 / 256} : causal::DoseGrid{}),
      levels{.largest = 64, .octaves = 7, .per_octave = fine ? 4 : 1},
      prefix{.halvings = 6, .exact = fine},
      random_orders(fine ? 8 : 2) {}

LayerTestInputs::LayerTestInputs(const Analysis& analysis) {
  std::vector<Tensor> stacked = {analysis.inputs[0].pixels, analysis.inputs[1].pixels};
  for (const char* kind : {"gaussian", "boost"}) {
    const auto input = first_draw(analysis, kind);
    if (!input) continue;
    others.emplace_back(kind, static_cast<int>(stacked.size()));
    stacked.push_back(analysis.inputs[*input].pixels);
  }
  images = stack(stacked);
}

LayerTests::LayerTests(const CauseOptions& options, const RowKey& key, std::int64_t point, std::string stream,
                       std::uint64_t seed, ImageRecord& record)
    : options_(options),
      grids_(options.fine),
      key_(key),
      point_(point),
      stream_(std::move(stream)),
      seed_(seed),
      record_(record) {}

void LayerTests::run(engine::Plan& plan, const engine::Pass& pass, const LayerTestInputs& inputs,
                     net::NodeId node, const DoubleTensor& gradient, const causal::MarginClasses& classes,
                     double& exchange_error) {
  causal::Substitution substitution(plan, pass, node, classes,
                                    {LayerTestInputs::kClean, LayerTestInputs::kAdversarial});
  const DoubleTensor clean = substitution.clean_value();
  const auto change_of = [&](int row) { return minus(pass.observe(node).read(row), clean); };
  if (options_.dose || options_.direction) {
    const auto dose = causal::critical_dose(substitution, classes, grids_.dose);
    add({.kind = "dose", .source = "adversarial", .value = dose.dose});
    if (options_.direction) {
      const causal::ValueRange range = causal::value_range(plan.graph(), node);
      for (const auto& [kind, row] : inputs.others)
        add_direction(substitution, change_of(row), kind, range, classes, dose);
      const DoubleTensor noise = causal::white_noise(clean.shape(), seed_, stream_ + "/white-noise");
      add_direction(substitution, noise, "white-noise", range, classes, dose);
    }
  }
  if (!options_.subset && !options_.restore) return;
  // What all of the network passes, exchanged as a whole, gives the other run.
  if (net::is_passed_by_all(plan.graph(), node)) {
    const auto margin_of = [&](int row) { return causal::margin(pass.logits().row(row).values(), classes); };
    exchange_error =
        std::max({exchange_error,
                  std::abs(substitution.exchanged_whole().margin - margin_of(LayerTestInputs::kAdversarial)),
                  std::abs(substitution.restored_whole().margin - margin_of(LayerTestInputs::kClean))});
  }
  const auto by_pull = causal::ascending(channel_pulls(gradient, change_of(LayerTestInputs::kAdversarial)));
  if (options_.restore) {
    add_share("restore", "pull",
              causal::smallest_restoring_prefix(substitution, by_pull, classes, grids_.prefix));
  }
  if (!options_.subset) return;
  add_subset(substitution, "pull", by_pull, classes);
  std::vector<double> nearness = substitution.channel_distances();
  for (double& each : nearness) each = -each;
  add_subset(substitution, "distance", causal::ascending(nearness), classes);
  for (const auto& [kind, row] : inputs.others) {
    if (kind == "boost")
      add_subset(substitution, "boost", causal::ascending(channel_pulls(gradient, change_of(row))), classes);
  }
  for (int i = 0; i < grids_.random_orders; ++i) {
    const std::string name = fmt::format("{}/random-order={}", stream_, i);
    add_subset(substitution, fmt::format("random-{}", i),
               random_permutation(static_cast<int>(substitution.channels()), RandomStream(seed_, name)),
               classes);
  }
}

void LayerTests::add(store::InterventionRow row) {
  row.image = key_.image;
  row.condition = key_.condition;
  row.point = point_;
  record_.interventions.push_back(std::move(row));
}

void LayerTests::add_direction(causal::Substitution& substitution, const DoubleTensor& direction,
                               const std::string& kind, const causal::ValueRange& range,
                               const causal::MarginClasses& classes,
                               const causal::CriticalDose& adversarial) {
  const auto found = causal::deviation_dose(substitution, direction, range, classes, grids_.levels);
  add({.kind = "dose", .source = kind, .value = found.dose, .limit = found.limit});
  if (!adversarial.dose) return;
  store::InterventionRow factor{
      .kind = "direction", .source = kind, .limit = found.limit / *adversarial.dose};
  if (found.dose) factor.value = *found.dose / *adversarial.dose;
  add(std::move(factor));
}

void LayerTests::add_subset(causal::Substitution& substitution, const std::string& source,
                            const std::vector<int>& order, const causal::MarginClasses& classes) {
  add_share("subset", source, causal::smallest_flipping_prefix(substitution, order, classes, grids_.prefix));
}

void LayerTests::add_share(const std::string& kind, const std::string& source,
                           const causal::ChannelSubset& found) {
  store::InterventionRow row{.kind = kind, .source = source};
  if (found.channels) {
    row.value = found.share;
    row.square_share = found.square_share;
  }
  add(std::move(row));
}

}  // namespace faultline::study
