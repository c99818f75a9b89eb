#pragma once

#include <memory>
#include <string>
#include <vector>

#include "causal/substitution.h"
#include "net/points.h"

namespace faultline::causal {

// What a network answers if a part of it sees the other image.
struct PartSubstitution {
  enum class Part { block, edge };
  Part part = Part::block;
  std::string target;   // the block's name, or "node -> reader"
  Outcome compromised;  // the run of x with what the part hands on taken from the run of x_a
  Outcome restored;     // the run of x_a with that taken from the run of x
};

// Whole-block and single-edge substitution, for networks whose paths branch: where everything passes one
// value its substitution is the other run, and says nothing.
//   A block: all values of it that later blocks read, unless these read nothing of earlier blocks. An
//   edge: what one reader reads of a value that has several, by all of its inputs that are that value.
class BlockSubstitutions {
 public:
  // Compiles a plan of its own in which every such edge has a value. The engine's rules hold: what it throws.
  BlockSubstitutions(const net::Graph& graph, const net::NetworkMap& map, const engine::Engine& engine);

  // Whether there is anything to substitute: not in a chain.
  bool any() const { return !blocks_.empty() || !edges_.empty(); }
  // clean, other: x and x_a [3,H,W]. In the order of the network, blocks first.
  std::vector<PartSubstitution> run(TensorView clean, TensorView other, const MarginClasses& classes);

 private:
  struct Block {
    std::string name;
    std::vector<net::NodeId> leaving;
  };
  struct Edge {
    std::string name;
    net::NodeId node;  // its own, in the plan's graph
  };

  std::vector<Block> blocks_;
  std::vector<Edge> edges_;
  std::unique_ptr<engine::Plan> plan_;  // none in a chain
};

}  // namespace faultline::causal
