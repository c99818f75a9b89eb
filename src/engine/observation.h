#pragma once

#include <functional>
#include <span>
#include <vector>

#include "net/graph.h"
#include "tensor/tensor.h"

namespace faultline::engine {

// The summands of a reduction. A is the activation, g = ds/dA, S_k = sum over positions of A in channel k.
enum class Term {
  activation,                    // A
  gradient,                      // g
  positive_gradient,             // relu(g)
  gradient_activation,           // g A
  positive_gradient_activation,  // relu(g) A
  damped_positive_gradient,      // relu(g) / (2 + g S_k), 0 where |2 + g S_k| < 1e-12 (Grad-CAM++'s weight)
};

// One node of a pass: the activation of each row and, during a backward sweep, the gradient of each seed, in
// the engine's own layout. Reductions are the only way to look at it; `read` alone gives whole values. Each
// reduces in a fixed order, so that a result depends on no thread count or batch size.
//   C channels, h x w positions; a vector [K] has C = K and one position.
//   Terms without g have one result a row (R = rows), those with g one a seed (R = seeds; A is that of the
//   seed's row).
class Observation {
 public:
  virtual ~Observation() = default;

  virtual net::NodeId node() const = 0;
  virtual int rows() const = 0;
  virtual int seeds() const = 0;  // 0 outside a backward sweep: terms with g throw ContractError
  // [C,h,w] or [K], of one row.
  virtual Shape sample_shape() const = 0;

  // [R,h,w]: sum over channels of f.
  virtual DoubleTensor channel_sum(Term f) const = 0;
  // [R,h,w]: sum over channels of weights[r,k] f. weights [R,C].
  virtual DoubleTensor weighted_map(Term f, const DoubleTensor& weights) const = 0;
  // [R,C]: sum over positions of f.
  virtual DoubleTensor position_sum(Term f) const = 0;

  // [rows]: |A_r|; [rows]: |A_r - B| with B the activation of `base_row` in `base` (same node, may be this
  // one).
  virtual std::vector<double> norms() const = 0;
  virtual std::vector<double> distances(const Observation& base, int base_row) const = 0;
  // [seeds]: |g_i|; [rows]: <g_seed, A_r - B> with B as above.
  virtual std::vector<double> gradient_norms() const = 0;
  virtual std::vector<double> gradient_dots(int seed, const Observation& base, int base_row) const = 0;

  // The activation of a row, the gradient of a seed, as plain [C,h,w] or [K].
  virtual DoubleTensor read(int row) const = 0;
  virtual DoubleTensor read_gradient(int seed) const = 0;
};

using GradientVisitor = std::function<void(const Observation&)>;

}  // namespace faultline::engine
