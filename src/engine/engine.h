#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/gradient_rule.h"
#include "engine/intervention.h"
#include "engine/kernel_table.h"
#include "engine/observation.h"
#include "engine/precision.h"
#include "net/graph.h"
#include "tensor/tensor.h"

namespace faultline::engine {

using net::NodeId;

struct CompileOptions {
  // Nodes whose value every pass keeps for observations, reads and interventions; post- or pre-activation.
  // Others may be fused away. The logits are always kept.
  std::vector<NodeId> observed;
  // Whether non-linearities may be frozen to a recording's tangent (InterventionKind::freeze): keeps them
  // unfused.
  bool freezable = false;
};

// What a plan has done since it was made. On a second call with the same batch size the first two must not
// grow, and reorders by no more than the first call's: 0 where every step computes in the layouts that its
// inputs and output have.
struct Counters {
  std::int64_t buffer_allocations = 0;
  std::int64_t primitives_created = 0;
  std::int64_t reorders = 0;       // conversions of a value between layouts
  std::int64_t multiply_adds = 0;  // of convolutions and dense layers, forward and backward
};

// Where a plan's time went since it was made, by step: one a node that has a value of its own.
struct StepTime {
  NodeId node = -1;
  std::string implementation;  // of a convolution: "winograd (avx512)"; empty for others
  double forward_s = 0;        // over all rows
  double backward_s = 0;
  std::int64_t multiply_adds = 0;  // of one row, one direction
};

// What a plan's forward run remembers: the values of a batch. Leases its buffers from the plan, which must
// outlive it.
class Pass {
 public:
  virtual ~Pass() = default;
  Pass() = default;
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;

  virtual int rows() const = 0;
  // [N,K], K classes.
  virtual const DoubleTensor& logits() const = 0;
  // The activation of an observed node, for reductions. Throws ContractError if the node was not observed.
  virtual const Observation& observe(NodeId node) const = 0;
};

// What is to be differentiated: one scalar s_i = <logit_gradients[i], z[rows[i]]> a seed; with a node the
// same of that node's value in place of the logits z.
struct Seeds {
  DoubleTensor logit_gradients;  // [R,K]: ds_i/dz; with a node [R, elements of its value], plain row-major
  // [R]: the row of the pass that each seed is taken at; empty means 0, 1, ..., R-1.
  std::vector<int> rows = {};
  NodeId node = -1;  // an observed one; -1 for the output. What comes after it has no gradient: 0.
};

// A network compiled for one engine. Immutable in meaning; owns buffers that are reused. Used by one thread
// at a time.
class Plan {
 public:
  virtual ~Plan() = default;
  Plan() = default;
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  virtual const net::Graph& graph() const = 0;

  // Runs images [N,3,H,W] (pixel units; any sample shape the graph's Input has) with the interventions
  // applied. Throws ContractError if the shape is not the Input's, or an intervention names a bad row or, to
  // blend or add, an unobserved node. (Any node may be frozen; it changes nothing where the node is affine.)
  virtual std::unique_ptr<Pass> forward(TensorView images,
                                        std::span<const Intervention> interventions = {}) = 0;

  // Row i of the result is row rows[i] of `base` (a pass of this plan, which must outlive the result) with
  // the interventions applied after those of that row of `base` itself; each one's node must be `from` or
  // depend on it. Only what depends on `from` is computed again, row by row, and only if it has to be: the
  // rest is read from `base`. The result is that of forward with the same interventions, bit for bit.
  // Throws ContractError for a bad row or node.
  virtual std::unique_ptr<Pass> resume(const Pass& base, NodeId from, std::span<const int> rows,
                                       std::span<const Intervention> interventions) = 0;

  // One backward sweep for all seeds. Calls visit once for each of `points` (observed nodes, or the Input) in
  // reverse topological order, with the gradient there; the observation is valid during the call only. Writes
  // ds/d(image) [R,3,H,W] in pixel units to image_gradient unless that is empty. Sweeps no further than it
  // has to. Gradients pass through interventions as the forward run did: scaled where blended, cut where
  // replaced, by the recording's slope where frozen. The gradient at a node with an intervention is that with
  // respect to the node's value after it. Throws ContractError for points or an image gradient that do not
  // depend on the node that a resumed pass begins at.
  //   rules: departures from the chain rule, several at a node in the order given; visits see a node's
  //   gradient before its rules. Their nodes need values of their own (observed ones have, and activations).
  //   Throws ContractError for a rule that does not fit the graph.
  virtual void backward(const Pass& pass, const Seeds& seeds, std::span<const NodeId> points,
                        const GradientVisitor& visit, MutableTensorView image_gradient = {},
                        std::span<const GradientRule> rules = {}) = 0;

  virtual Counters counters() const = 0;
  // In the order of execution.
  virtual std::vector<StepTime> times() const = 0;
};

// A way to compute networks. Results do not depend on batch size, nor on an image's position in the batch,
// bit for bit.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual std::string name() const = 0;
  // What results depend on beside the name, as pairs of key and value: {"precision", "fast"},
  // {"kernel_table", its hash}.
  virtual std::vector<std::pair<std::string, std::string>> settings() const { return {}; }
  // Throws Error{model} naming the node if a variable value's leading extent is not the batch size, or for a
  // graph that the engine cannot run.
  virtual std::unique_ptr<Plan> compile(const net::Graph& graph, const CompileOptions& options) const = 0;
};

// What the onednn engine computes convolutions with. The reference engine computes in double precision
// whatever they say.
struct EngineOptions {
  Precision precision = Precision::fast;
  KernelTable kernels = default_kernel_table();
};

// The engines that exist: "onednn" (float32, the default) and "reference" (plain loops in double precision).
std::vector<std::string> engine_names();
// The precisions that the onednn engine has on this processor, under ONEDNN_MAX_CPU_ISA.
std::vector<Precision> available_precisions();
// Throws Error{usage} listing the names. Of a precision that is not available takes f32 in its place, with a
// warning; the engine's settings then say f32.
std::unique_ptr<Engine> make_engine(const std::string& name, const EngineOptions& options = {});

}  // namespace faultline::engine
