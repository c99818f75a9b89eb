#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "net/graph.h"

namespace faultline::engine {

// How one row of a value lies in memory: [C, positions] with channels in blocks of `block`,
//   element (c, p) at (c / block) * positions * block + p * block + c % block.
// block 1 is plain row-major. Channels are padded to whole blocks; the padding is always zero.
struct Layout {
  std::int64_t channels = 1;
  std::int64_t positions = 1;
  std::int64_t block = 1;

  std::int64_t padded_channels() const { return (channels + block - 1) / block * block; }
  std::int64_t row_elements() const { return padded_channels() * positions; }
  std::int64_t offset(std::int64_t c, std::int64_t p) const {
    return (c / block) * positions * block + p * block + c % block;
  }
  bool operator==(const Layout&) const = default;
};

// Kernels see values as arrays of row pointers: rows may belong to other passes (resume reads its base's), so
// that nothing is copied to be gathered. inputs[i][r] is row r of the step's i-th input.
template <class S>
struct ForwardRows {
  std::span<const std::vector<const S*>> inputs;
  std::span<S* const> outputs;
  std::span<std::int32_t* const> winners;  // empty unless the kernel records winners
};

template <class S>
struct BackwardRows {
  // What the forward run (or, of a frozen row, its recording) saved for each seed's row; `outputs` as the
  // kernel wrote them, before interventions changed them (a fused ReLU's gate is output > 0).
  std::span<const std::vector<const S*>> inputs;
  std::span<const S* const> outputs;
  std::span<const std::int32_t* const> winners;
  std::span<const S* const> output_gradients;
  // To be overwritten: the gradient of inputs[input].
  std::size_t input = 0;
  std::span<S* const> input_gradients;
};

// One run of the tangent at a recording: outputs = f(u0) + f'(u0)(inputs - u0).
template <class S>
struct TangentRows {
  std::span<const std::vector<const S*>> inputs;
  std::span<const std::vector<const S*>> recorded_inputs;
  std::span<const S* const> recorded_outputs;  // as the kernel wrote them
  std::span<const std::int32_t* const> recorded_winners;
  std::span<S* const> outputs;
};

// What one step of a plan computes. Rows are independent: a row's result is the same bits whatever the other
// rows are. Called by one thread; may itself use the compute threads.
template <class S>
class Kernel {
 public:
  virtual ~Kernel() = default;
  virtual void forward(const ForwardRows<S>& rows) = 0;
  virtual void backward(const BackwardRows<S>& rows) = 0;
  // Only called on steps of a non-affine operator in a freezable plan.
  virtual void tangent(const TangentRows<S>& rows) = 0;
  // Number of winner indices that a row records (MaxPool), 0 if none. winners[r] then holds, for each element
  // of the output row in its layout, the position within the input plane that won.
  virtual std::int64_t winners_per_row() const { return 0; }
  // Multiply-adds of one row, one direction.
  virtual std::int64_t multiply_adds() const { return 0; }
  // Whether backward reads BackwardRows::outputs.
  virtual bool backward_reads_outputs() const { return false; }
  // How it computes, where there is a choice: "winograd (avx512) forward, direct (...) backward".
  virtual std::string implementation() const { return {}; }
  // For the plan's counters, since the kernel was made.
  virtual std::int64_t primitives_created() const { return 0; }
  virtual std::int64_t reorders() const { return 0; }
};

// A step writes one node's value from the values of other variable nodes (constants are inside the kernel).
template <class S>
struct Step {
  net::NodeId node = -1;
  std::vector<net::NodeId> inputs;
  std::unique_ptr<Kernel<S>> kernel;
  bool affine = true;    // affine steps are left alone by freeze
  double forward_s = 0;  // spent since the plan was made
  double backward_s = 0;
};

// A network lowered for the executor, which runs the steps in order. Nodes without a step (constants, nodes
// fused into their consumer) have no value. The Input's row is plain.
template <class S>
struct Program {
  std::shared_ptr<void> resources;   // what kernels share (a scratchpad); outlives them
  std::vector<Layout> layouts;       // one for each node of the graph
  std::vector<Shape> sample_shapes;  // one for each node, without the batch
  std::vector<Step<S>> steps;
};

}  // namespace faultline::engine
