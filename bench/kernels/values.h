#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/kernel.h"
#include "tensor/tensor.h"

namespace faultline::bench {

// Standard normal values, the same for the same name.
Tensor random_values(const Shape& shape, const std::string& name);

// Several images' values of one node in the layout that kernels see, padding 0.
class Rows {
 public:
  Rows(const engine::Layout& layout, int count, const std::string& name);

  std::vector<const float*> read() const;
  std::vector<float*> write();
  // The first row as a plain tensor of so many elements.
  DoubleTensor first(const Shape& shape) const;

 private:
  engine::Layout layout_;
  std::vector<Tensor> rows_;
};

DoubleTensor to_double(TensorView values);

// Runs a check the first time that it is asked for under this name: Google Benchmark enters a benchmark
// several times to find how often to run it.
void check_once(const std::string& name, const std::function<void()>& check);

// Throws Error{model} unless |found - expected| <= tolerance |expected| (L2): nothing is timed whose answer
// is wrong.
void require_close(const std::string& what, DoubleTensorView found, DoubleTensorView expected,
                   double tolerance);

}  // namespace faultline::bench
