#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "causal/block_cuts.h"
#include "causal/coalition.h"
#include "causal/margin_classes.h"
#include "causal/sampled_shapley.h"
#include "engine/engine.h"

namespace faultline::causal {

// The gates game of an image x and another input x' (method.md, section 6.1): every non-linearity of the
// network is frozen to its tangent in a recorded run, so that the network is affine. Players: 0 is the input,
// x or, if it is in the coalition, x'; player b + 1 is the gates of block b, recorded in the run of x or, if
// in the coalition, of x'.
struct GatesGame {
  std::vector<double> values;  // [2^(B+1)] by coalition: the margin m of the frozen network. v(no one) =
                               // m(x), v(everyone) = m(x'): those of the ordinary runs
  double identity_error = 0;   // by how much those two differ from what the frozen parts give: round-off
};

// Plays gates games: whole ones on networks of up to 8 blocks, from samples on others.
//   The coalitions share their work. Blocks up to a cut run forward, each choice of gates resuming the one
//   before
// it; blocks behind it are affine functionals, found by backward sweeps block by block, twice as many for
// each block; a value is then one inner product. The cut is where that costs least; where paths lead around
// the blocks' ends, behind the last such end.
class GatesPlayer {
 public:
  static constexpr int kMostBlocks = 8;  // of whole games

  // Throws Error{unsupported} for kMostPlayers blocks and more; what Engine::compile throws.
  GatesPlayer(const net::Graph& graph, const net::NetworkMap& map, const engine::Engine& engine);

  // clean, other: [3,H,W] in pixel units, or any sample shape that the graph takes.
  GatesGame play(TensorView clean, TensorView other, const MarginClasses& classes);

  // The players' Shapley values from `pairs` pairs of random orders (sampled_shapley.h), each value by a
  // whole run: for networks of more than kMostBlocks blocks, of which play() throws ContractError.
  SampledShapley sample(TensorView clean, TensorView other, const MarginClasses& classes, int pairs,
                        std::uint64_t seed, std::string_view stream);

  // The margin by a whole run with the gates and input of the game that was played last: confirms a value.
  double run(Coalition players);

  int blocks() const { return static_cast<int>(cuts_.gates.size()); }
  // What play() costs, in forward passes of one image.
  double passes_a_game() const { return static_cast<double>(game_work_) / static_cast<double>(one_pass_); }
  // Multiply-adds of all that was run since this was made, in forward passes of one image.
  double passes() const;

 private:
  // An affine function of the value h at a block's beginning: <gradient, h> + constant.
  struct Functional {
    DoubleTensor gradient;
    double constant = 0;
  };

  std::vector<net::NodeId> observed_gates(int last_block) const;
  net::NodeId resume_node(const std::vector<net::NodeId>& gates) const;
  std::int64_t work(int first_block, int last_block, net::NodeId after) const;
  void choose_cut();
  void record(TensorView clean, TensorView other, const MarginClasses& classes);
  std::vector<engine::Intervention> freeze(int block, int row, int recording,
                                           const engine::Pass& source) const;
  DoubleTensor grow_prefixes(const engine::Pass& recordings);
  std::vector<Functional> suffix_functionals(const MarginClasses& classes) const;

  net::Graph graph_;
  BlockCuts cuts_;
  std::vector<int> block_of_node_;
  std::vector<net::NodeId> resume_nodes_;  // of each block with gates, else -1
  std::unique_ptr<engine::Plan> whole_;
  std::unique_ptr<engine::Plan> prefix_;  // up to the cut; none if the cut is at the end
  std::int64_t one_pass_ = 0;             // multiply-adds
  std::vector<std::int64_t> work_of_node_;
  std::int64_t game_work_ = 0;
  int cut_ = 0;  // blocks 0 ... cut_ run forward
  Tensor images_;
  std::unique_ptr<engine::Pass> recordings_;  // of the game played last: rows x and x'
  MarginClasses classes_;
};

}  // namespace faultline::causal
