#include <array>

#include "engine/tune.h"

namespace faultline::engine {

namespace {

bool is_always_allowed(ConvAlgorithm algorithm) {
  for (const Precision precision : {Precision::f32, Precision::fast, Precision::bf16}) {
    if (!is_allowed(algorithm, precision)) return false;
  }
  return true;
}

KernelRule exact_rule(const ConvSignature& signature, ConvAlgorithm algorithm) {
  const auto only = [](std::int64_t value) { return Bounds{value, value}; };
  return {.algorithm = algorithm,
          .backward = signature.backward,
          .isa = signature.isa,
          .inputs = only(signature.inputs),
          .outputs = only(signature.outputs),
          .height = only(signature.height),
          .width = only(signature.width),
          .kernel = only(signature.kernel),
          .stride = only(signature.stride)};
}

}  // namespace

KernelTable tuned_table(const std::vector<TunedConvolution>& convolutions) {
  KernelTable table;
  for (const TunedConvolution& convolution : convolutions) {
    for (const AlgorithmTime& time : convolution.times) {
      table.rules.push_back(exact_rule(convolution.signature, time.algorithm));
      if (is_always_allowed(time.algorithm)) break;
    }
  }
  const std::vector<KernelRule>& rest = default_kernel_table().rules;
  table.rules.insert(table.rules.end(), rest.begin(), rest.end());
  return table;
}

}  // namespace faultline::engine
