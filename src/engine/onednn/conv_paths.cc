#include "engine/onednn/conv_paths.h"

#include <algorithm>

#include "engine/onednn/context.h"
#include "engine/onednn/direct_conv.h"
#include "engine/onednn/narrow_conv.h"
#include "engine/onednn/winograd_conv.h"

namespace faultline::engine::onednn {

ConvSignature signature_of(const ConvProblem& problem, Direction direction, std::int64_t block) {
  const net::WindowAxis& y = problem.window.height();
  const net::WindowAxis& x = problem.window.width();
  return {.backward = direction == Direction::backward,
          .isa = block == 16  ? "avx512"
                 : block == 8 ? "avx2"
                              : "sse41",
          .inputs = problem.source.channels,
          .outputs = problem.destination.channels,
          .height = y.extent,
          .width = x.extent,
          .kernel = std::max(y.kernel, x.kernel),
          .stride = std::max(y.stride, x.stride)};
}

std::unique_ptr<ConvPath> make_conv_path(ConvAlgorithm algorithm, const ConvProblem& problem,
                                         Direction direction, Context& context) {
  switch (algorithm) {
    case ConvAlgorithm::winograd:
      return has_winograd(problem) ? make_winograd_conv(problem, direction, context) : nullptr;
    case ConvAlgorithm::narrow:
      return direction == Direction::backward && has_narrow(problem) ? make_narrow_conv(problem) : nullptr;
    case ConvAlgorithm::bf16:
      return make_direct_conv(problem, direction, ProductType::bf16, context);
    case ConvAlgorithm::direct:
      break;
  }
  return make_direct_conv(problem, direction, ProductType::f32, context);
}

std::unique_ptr<ConvPath> make_conv_path(const ConvProblem& problem, Direction direction, Context& context) {
  const ConvSignature signature = signature_of(problem, direction, context.block());
  for (const KernelRule& rule : context.options().kernels.rules) {
    if (!rule.fits(signature) || !is_allowed(rule.algorithm, context.options().precision)) continue;
    if (auto path = make_conv_path(rule.algorithm, problem, direction, context)) return path;
  }
  return make_conv_path(ConvAlgorithm::direct, problem, direction, context);
}

}  // namespace faultline::engine::onednn
