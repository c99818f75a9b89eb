#include "findings/summary_grids.h"

#include <algorithm>

namespace faultline::findings {
namespace {

using Row = std::vector<Cell>;

Grid grid_of(std::string name, std::string caption, std::vector<std::string> columns,
             const std::vector<std::string>& measures = {}) {
  Grid grid{.name = std::move(name), .caption = std::move(caption), .columns = std::move(columns)};
  for (const std::string& measure : measures) add_measure_columns(grid, measure);
  return grid;
}

Row begin_row(const ConditionSummary& of) {
  return {of.condition.name};
}

void add_row(Grid& grid, Row row, const std::vector<const Measure*>& measures) {
  for (const Measure* measure : measures) add_measure(row, *measure);
  grid.rows.push_back(std::move(row));
}

Grid finding_grid(const Summary& summary) {
  Grid grid = grid_of(
      "findings",
      "Findings and the other ways of asking: the verdict of each, and the numbers that its rule judges.",
      {"finding", "asked", "verdict", "reason", "measure"}, {"value"});
  const auto add = [&](const std::string& id, const std::string& asked, const Answer& answer) {
    const std::vector<Measure> none(1);
    const std::vector<Measure>& measures = answer.measures.empty() ? none : answer.measures;
    for (std::size_t i = 0; i < std::min(answer.judged, measures.size()); ++i) {
      add_row(grid, {id, asked, std::string(name_of(answer.verdict)), answer.reason, measures[i].name},
              {&measures[i]});
    }
  };
  for (const Finding& finding : summary.findings) {
    add(finding.id, finding.condition, finding.answer);
    for (const Variant& variant : finding.variants) add(finding.id, variant.what, variant.answer);
  }
  return grid;
}

Grid condition_grid(const Summary& summary) {
  Grid grid =
      grid_of("conditions",
              "What the attacks did: shares of images, and medians over those where eps* was found "
              "(missing: beyond the largest strength that was tried); pixel units from 0 to 1. Of the "
              "images at_eps_floor, eps* is only known to be at most the least that was tried, "
              "eps_floor.",
              {"condition", "attack", "regime", "eps", "images", "made", "flips_undone_by_rounding",
               "unmatched_controls", "at_eps_floor", "eps_floor"},
              {"success", "success_rounded", "accuracy", "linear"});
  for (const char* median : {"critical_eps", "l2", "linf"}) add_median_columns(grid, median);
  for (const ConditionSummary& of : summary.conditions) {
    const AttackOutcome& outcome = of.outcome;
    Row row = {of.condition.name,
               of.condition.attack,
               of.condition.regime,
               cell(of.condition.eps),
               count(outcome.counts.images),
               count(outcome.counts.made),
               count(outcome.counts.rounding),
               count(outcome.counts.unmatched),
               count(outcome.critical_eps.at_floor),
               cell(outcome.critical_eps.floor)};
    for (const Measure* measure : {&outcome.success, &outcome.stored_success, &outcome.accuracy, &of.linear})
      add_measure(row, *measure);
    for (const CensoredMedian* median : {&outcome.critical_eps, &outcome.l2, &outcome.linf})
      add_median(row, *median);
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

Grid eps_curve_grid(const Summary& summary) {
  Grid grid = grid_of("eps_curve", "Success and accuracy by eps, at fixed strengths.", {"attack", "eps"},
                      {"success", "success_rounded", "accuracy"});
  std::vector<const ConditionSummary*> fixed;
  for (const ConditionSummary& of : summary.conditions) {
    if (of.condition.eps) fixed.push_back(&of);
  }
  std::stable_sort(fixed.begin(), fixed.end(), [](const ConditionSummary* a, const ConditionSummary* b) {
    return std::pair(a->condition.attack_number, *a->condition.eps) <
           std::pair(b->condition.attack_number, *b->condition.eps);
  });
  for (const ConditionSummary* of : fixed) {
    add_row(grid, {of->condition.attack, *of->condition.eps},
            {&of->outcome.success, &of->outcome.stored_success, &of->outcome.accuracy});
  }
  return grid;
}

Grid step_grid(const Summary& summary) {
  Grid grid =
      grid_of("points",
              "Log excess, step and alignment at every point, means over the images that the attack "
              "flipped; the intervals of a kind's points hold together.",
              {"condition", "kind", "point", "point_kind", "block"}, {"log_excess", "step", "alignment"});
  grid.detail = true;
  for (const ConditionSummary& of : summary.conditions) {
    for (const PointMeans& means : of.points) {
      for (std::size_t p = 0; p < summary.points.size(); ++p) {
        const store::PointRow& point = summary.points[p];
        add_row(grid,
                {of.condition.name, means.kind, point.name, point.kind,
                 summary.blocks[static_cast<std::size_t>(point.block)]},
                {&means.log_excess[p], &means.step[p], &means.alignment[p]});
      }
    }
  }
  return grid;
}

Grid contribution_grid(const Summary& summary) {
  Grid grid = grid_of("contributions",
                      "What each segment's non-linearities add to the change of the margin, in logits; means "
                      "over the images that the attack flipped.",
                      {"condition", "kind", "segment"}, {"contribution"});
  grid.detail = true;
  for (const ConditionSummary& of : summary.conditions) {
    for (const PointMeans& means : of.points) {
      for (const Measure& each : means.contribution)
        add_row(grid, {of.condition.name, means.kind, each.name}, {&each});
    }
  }
  return grid;
}

Grid distraction_grid(const Summary& summary) {
  Grid grid =
      grid_of("distraction",
              "Distraction of heatmaps by layer, means over the images that the attack flipped; blank "
              "maps have none; the intervals of a method's layers hold together.",
              {"condition", "kind", "method", "layer"}, {"distraction"});
  grid.detail = true;
  for (const ConditionSummary& of : summary.conditions) {
    for (const DistractionMeans& means : of.distraction) {
      for (const Measure& each : means.distraction)
        add_row(grid, {of.condition.name, means.kind, means.method, each.name}, {&each});
    }
  }
  return grid;
}

Grid blank_grid(const Summary& summary) {
  Grid grid = grid_of("blank_maps",
                      "How often a heatmap is blank, for the adversarial input and for one Gaussian draw; "
                      "McNemar's test, adjusted by Holm over the method's layers.",
                      {"condition", "method", "layer"}, {"adversarial", "gaussian"});
  grid.detail = true;
  for (const char* column : {"only_adversarial", "only_gaussian", "p", "p_adjusted"})
    grid.columns.push_back(column);
  for (const ConditionSummary& of : summary.conditions) {
    for (const BlankRates& rates : of.blanks) {
      Row row = {of.condition.name, rates.method, summary.layers[rates.layer]};
      add_measure(row, rates.adversarial);
      add_measure(row, rates.gaussian);
      row.insert(row.end(),
                 {count(rates.only_adversarial), count(rates.only_gaussian), rates.p, rates.p_adjusted});
      grid.rows.push_back(std::move(row));
    }
  }
  return grid;
}

Grid compromise_grid(const Summary& summary) {
  Grid grid =
      grid_of("compromised",
              "Shares of flipped images in which points deviate from Gaussian draws, and points and "
              "blocks are compromised; how often a point is the first; what harmless inputs do there.",
              {"condition", "place", "name"}, {"deviating", "compromised"});
  for (const char* column : {"onsets", "harmless_median", "harmless_upper", "harmless_n"})
    grid.columns.push_back(column);
  for (const ConditionSummary& of : summary.conditions) {
    const auto add = [&](const char* place, const PlaceRates& rates) {
      Row row = {of.condition.name, std::string(place), rates.name};
      add_measure(row, rates.deviating);
      add_measure(row, rates.compromised);
      row.insert(row.end(), {count(rates.onsets), cell(rates.harmless.median), cell(rates.harmless.upper),
                             count(rates.harmless.inputs)});
      grid.rows.push_back(std::move(row));
    };
    for (const PlaceRates& rates : of.compromise.points) add("point", rates);
    for (const PlaceRates& rates : of.compromise.blocks) add("block", rates);
  }
  return grid;
}

Grid rank_grid(const Summary& summary) {
  Grid grid =
      grid_of("layer_ranks",
              "Convolution layers by step, and by step minus the twins': means and the ranks that each "
              "may have, 1 the largest; the ranks of a condition hold together.",
              {"condition", "minus_twins", "layer"}, {"step"});
  grid.columns.insert(grid.columns.end(), {"best_rank", "worst_rank"});
  for (const ConditionSummary& of : summary.conditions) {
    const auto add = [&](const char* minus_twins, const std::vector<LayerRank>& ranks) {
      for (const LayerRank& rank : ranks) {
        Row row = {of.condition.name, std::string(minus_twins), rank.layer};
        add_measure(row, rank.step);
        row.insert(row.end(), {count(rank.best), count(rank.worst)});
        grid.rows.push_back(std::move(row));
      }
    };
    add("no", of.ranks);
    add("yes", of.ranks_beyond_twins);
  }
  return grid;
}

Grid shapley_grid(const Summary& summary) {
  Grid grid = grid_of("shapley",
                      "Mean Shapley shares of the margin's change: of the input and of each block's gates, "
                      "recorded under the inputs of a kind; the intervals of a kind hold together.",
                      {"condition", "kind", "player"}, {"share"});
  for (const ConditionSummary& of : summary.conditions) {
    for (const ShapleyMeans& means : of.shapley) {
      for (const Measure& each : means.shares)
        add_row(grid, {of.condition.name, means.kind, each.name}, {&each});
    }
  }
  return grid;
}

Grid set_grid(const Summary& summary) {
  Grid grid = grid_of("gate_sets", "The smallest sets of blocks whose gates decide: shares of images.",
                      {"condition", "question", "set", "size"}, {"images"});
  for (const ConditionSummary& of : summary.conditions) {
    for (const SetCount& each : of.sets) {
      Row row = begin_row(of);
      row.insert(row.end(), {each.question, each.set, cell(each.size)});
      add_row(grid, std::move(row), {&each.images});
    }
  }
  return grid;
}

Grid intervention_grid(const Summary& summary) {
  Grid grid = grid_of("interventions",
                      "Median doses, direction factors, and shares of channels that flip or restore; missing "
                      "where they are beyond the limit, the least that was tried in vain.",
                      {"condition", "kind", "source", "point"});
  grid.detail = true;
  add_median_columns(grid, "median");
  grid.columns.push_back("limit");
  add_median_columns(grid, "square_share");
  for (const ConditionSummary& of : summary.conditions) {
    for (const InterventionMedian& each : of.interventions) {
      Row row = {of.condition.name, each.key.kind, each.key.source,
                 summary.points[static_cast<std::size_t>(each.key.point)].name};
      add_median(row, each.median);
      row.push_back(cell(each.median.limit));
      add_median(row, each.square_share);
      grid.rows.push_back(std::move(row));
    }
  }
  return grid;
}

Grid substitution_grid(const Summary& summary) {
  Grid grid =
      grid_of("substitutions",
              "Whole blocks' values and single edges exchanged: shares of images in which that decides.",
              {"condition", "kind", "target", "direction"}, {"decides"});
  grid.detail = true;
  for (const ConditionSummary& of : summary.conditions) {
    for (const SubstitutionShare& each : of.substitutions) {
      add_row(grid, {of.condition.name, each.key.kind, each.key.target, each.key.direction}, {&each.decides});
    }
  }
  return grid;
}

Grid separation_grid(const Summary& summary) {
  Grid grid = grid_of("separation",
                      "Areas under the ROC curve of quantities that need no clean image, adversarial against "
                      "clean and against Gaussian inputs. " +
                          std::string(kDetectionNote),
                      {"condition", "quantity", "point", "against", "positives", "negatives"}, {"area"});
  grid.detail = true;
  for (const ConditionSummary& of : summary.conditions) {
    for (const Separation& each : of.separations) {
      add_row(grid,
              {of.condition.name, each.quantity, summary.points[each.point].name,
               std::string(name_of(each.negatives)), count(each.positives), count(each.negative_count)},
              {&each.area});
    }
  }
  return grid;
}

Grid detector_grid(const Summary& summary) {
  Grid grid =
      grid_of("detectors",
              "Point, side and threshold (5 % false positives) chosen on one half of the images, tested "
              "on the other. " +
                  std::string(kDetectionNote),
              {"condition", "quantity", "against", "chosen_on_half", "point", "flagged", "threshold"},
              {"area", "true_positives", "false_positives"});
  for (const ConditionSummary& of : summary.conditions) {
    for (const Detector& each : of.detectors) {
      add_row(grid,
              {of.condition.name, each.quantity, std::string(name_of(each.negatives)),
               static_cast<std::int64_t>(each.chosen_on), summary.points[each.point].name,
               std::string(each.larger ? "above" : "below"), each.threshold},
              {&each.area, &each.true_positives, &each.false_positives});
    }
  }
  return grid;
}

Grid identity_grid(const Summary& summary) {
  Grid grid = grid_of("identities", "By how much what must be equal differs, at worst.",
                      {"condition", "identity", "checks", "failures", "worst_error", "tolerance"});
  for (const ConditionSummary& of : summary.conditions) {
    for (const auto& [identity, worst] : of.identities) {
      grid.rows.push_back({of.condition.name, identity, count(worst.checks), count(worst.failures),
                           worst.worst, worst.tolerance});
    }
  }
  return grid;
}

}  // namespace

std::vector<Grid> grids(const Summary& summary) {
  return {finding_grid(summary),   condition_grid(summary),    eps_curve_grid(summary),
          rank_grid(summary),      compromise_grid(summary),   shapley_grid(summary),
          set_grid(summary),       detector_grid(summary),     identity_grid(summary),
          step_grid(summary),      contribution_grid(summary), distraction_grid(summary),
          blank_grid(summary),     intervention_grid(summary), substitution_grid(summary),
          separation_grid(summary)};
}

}  // namespace faultline::findings
