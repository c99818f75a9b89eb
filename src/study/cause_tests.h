#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/run_control.h"
#include "causal/block_substitution.h"
#include "causal/channel_subset.h"
#include "causal/critical_dose.h"
#include "causal/deviation_dose.h"
#include "causal/gates_game.h"
#include "study/analysis.h"
#include "study/response_rows.h"

namespace faultline::study {

// Which tests of causes are made (method.md, section 6).
struct CauseOptions {
  bool gates = true;      // the gates game, its shares and sets
  bool dose = true;       // the critical dose of the adversarial deviation, layer by layer
  bool direction = true;  // that of other deviations; needs the dose
  bool subset = true;     // the fewest channels that flip
  bool restore = true;    // the fewest that restore
  bool branches = true;   // whole blocks and single edges, where paths branch
  bool fine = false;      // finer grids, exact counts, 8 random orders: about 6 times the passes

  bool any() const { return gates || any_layer() || branches; }
  bool any_layer() const { return dose || direction || subset || restore; }
};

// The names that choose them: "gates", "dose", ...
std::vector<std::string_view> cause_names();
// "all", "none" or a list of names with commas. Throws Error{usage} listing the names.
CauseOptions parse_causes(std::string_view text);

// Makes the tests of causes for one network, image by image.
class CauseTests {
 public:
  // All must outlive the object. Throws what the plans' compilation throws. In networks of more than
  // GatesPlayer::kMostBlocks blocks the shares come from random orders of the players, with their standard
  // error, and there are no sets.
  CauseTests(const formats::Model& model, const engine::Engine& engine, const CauseOptions& options,
             std::uint64_t seed);

  // Adds the rows of gates games: of the adversarial input and the boost's, and with `all_controls` of the
  // first draws of gaussian and flip-gaussian.
  void add_gates(const Analysis& analysis, bool all_controls, const RowKey& key, ImageRecord& record);
  // Adds the rows of the tests at layers and of parts exchanged, for an image whose answer changed.
  //   plan: observes the layers (Analyzer::plan).
  void add_interventions(const Analysis& analysis, engine::Plan& plan, const RowKey& key,
                         const RunControl& control, ImageRecord& record);

  // The most forward passes of one image that add_interventions takes, and that add_gates takes.
  double most_intervention_passes(const engine::Plan& plan) const;
  double gates_passes(bool all_controls) const;

 private:
  const formats::Model& model_;
  CauseOptions options_;
  std::uint64_t seed_;
  std::unique_ptr<causal::GatesPlayer> gates_;                 // none if not asked for
  std::unique_ptr<causal::BlockSubstitutions> substitutions_;  // likewise
};

}  // namespace faultline::study
