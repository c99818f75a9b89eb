#pragma once

#include <functional>
#include <optional>
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
  damping,                       // 1 / (2 + g S_k), 0 where g = 0 or |2 + g S_k| < 1e-12 (NoiseCAM's alpha)
};

// One map of several that one sweep over a layer makes.
struct WeightedTerm {
  Term term = Term::activation;
  DoubleTensor weights = {};  // [R,C]; empty for weights of 1
};

// How the rows of a pass differ from a base activation B, from one sweep over them.
struct Differences {
  double base_norm = 0;           // |B|
  std::vector<double> distances;  // [rows]: |A_r - B|
  std::vector<double> dots;       // [rows]: <g, A_r - B> of a seed's gradient g; empty if none was named
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

  // A map [R,h,w] for each term: sum over channels of weights[r,k] f. Each is the same bits whatever else is
  // asked for with it; asked for together, they cost one sweep over the layer.
  virtual std::vector<DoubleTensor> weighted_maps(std::span<const WeightedTerm> terms) const = 0;
  // [R,C] for each term: sum over positions of f. Again one sweep, but for S_k, which comes before.
  virtual std::vector<DoubleTensor> position_sums(std::span<const Term> terms) const = 0;
  // One of them alone. channel_sum has weights of 1.
  DoubleTensor channel_sum(Term f) const;
  DoubleTensor weighted_map(Term f, const DoubleTensor& weights) const;
  DoubleTensor position_sum(Term f) const;

  // [rows]: |A_r|; [seeds]: |g_i|.
  virtual std::vector<double> norms() const = 0;
  virtual std::vector<double> gradient_norms() const = 0;
  // B is the activation of `base_row` in `base` (same node, may be this one); the gradient is that of `seed`.
  virtual Differences differences(const Observation& base, int base_row, std::optional<int> seed) const = 0;
  std::vector<double> distances(const Observation& base, int base_row) const;
  std::vector<double> gradient_dots(int seed, const Observation& base, int base_row) const;

  // The activation of a row, the gradient of a seed, as plain [C,h,w] or [K].
  virtual DoubleTensor read(int row) const = 0;
  virtual DoubleTensor read_gradient(int seed) const = 0;
};

using GradientVisitor = std::function<void(const Observation&)>;

}  // namespace faultline::engine
