#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "causal/margin_classes.h"
#include "engine/engine.h"

namespace faultline::causal {

// What a run with an intervention answers.
struct Outcome {
  double margin = 0;   // z_clean - z_other
  int predicted = -1;  // argmax z, the first of several
  // Whether the answer is another than the clean run's class.
  bool flips(const MarginClasses& classes) const { return predicted != classes.clean; }
};

// Which rows of a pass are x and x_a.
struct ExchangedRows {
  int clean = 0;
  int other = 1;
};

// The value A of one node in the run of an image x, exchanged in part for A_a, that of another input x_a.
class Substitution {
 public:
  // runs: a pass of the plan that holds x and x_a; the plan observes the node. Both must outlive this.
  Substitution(engine::Plan& plan, const engine::Pass& runs, net::NodeId node, const MarginClasses& classes,
               const ExchangedRows& rows = {});

  // The run of x with (1 - u) A + u A_a, for each u in [0,1]: 0 is the run of x itself, and in a chain 1 that
  // of x_a.
  std::vector<Outcome> doses(std::span<const double> amounts);
  // The run of x with A_a in some channels: one set after the other, each as long as there are channels.
  using Channels = std::vector<std::uint8_t>;
  std::vector<Outcome> exchanged(std::span<const Channels> sets);
  // The run of x_a with A in some channels.
  std::vector<Outcome> restored(std::span<const Channels> sets);
  // All channels exchanged, or set back: in a chain the run of x_a, or of x. Run once, whoever asks.
  const Outcome& exchanged_whole();
  const Outcome& restored_whole();
  // The run of x with this value in the place of A.
  Outcome with_value(DoubleTensor value);

  std::int64_t channels() const;
  // [C]: |A_a - A| of each channel.
  std::vector<double> channel_distances() const;
  // [C,h,w] or [K]: A and A_a.
  DoubleTensor clean_value() const { return runs_.observe(node_).read(rows_.clean); }
  DoubleTensor other_value() const { return runs_.observe(node_).read(rows_.other); }

 private:
  std::vector<Outcome> run(int base_row, std::vector<engine::Intervention> interventions);
  std::vector<Outcome> exchange(int base_row, int source_row, std::span<const Channels> sets);

  engine::Plan& plan_;
  const engine::Pass& runs_;
  net::NodeId node_;
  MarginClasses classes_;
  ExchangedRows rows_;
  std::optional<Outcome> exchanged_whole_;
  std::optional<Outcome> restored_whole_;
};

}  // namespace faultline::causal
