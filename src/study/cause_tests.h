#pragma once

#include <cstdint>
#include <memory>

#include "base/run_control.h"
#include "causal/block_substitution.h"
#include "causal/gates_game.h"
#include "study/analysis.h"
#include "study/cause_options.h"
#include "study/response_rows.h"

namespace faultline::study {

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
