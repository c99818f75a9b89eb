#include "engine/onednn/bf16_support.h"

#include "engine/onednn/conv_choice.h"
#include "engine/onednn/layouts.h"

namespace faultline::engine::onednn {

bool has_bf16() {
  const std::int64_t block = channel_block();
  const net::WindowAxis axis{.extent = 16, .kernel = 3, .pad_begin = 1, .pad_end = 1, .outputs = 16};
  const Layout values{.channels = 64, .positions = 256, .block = block};
  // An ordinary 3x3 convolution.
  const ConvProblem problem{
      .window = {.axes = {{{}, axis, axis}}}, .source = values, .destination = values, .relu = false};
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  for (const Direction direction : {Direction::forward, Direction::backward}) {
    if (!choose_convolution(problem, direction, ProductType::bf16, block, engine)) return false;
  }
  return true;
}

}  // namespace faultline::engine::onednn
