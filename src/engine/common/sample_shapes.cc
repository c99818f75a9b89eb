#include "engine/common/sample_shapes.h"

#include <string>

#include "base/error.h"

namespace faultline::engine {

namespace {

[[noreturn]] void refuse(const net::Node& node, const Shape& shape, std::int64_t batch) {
  throw Error(ErrorKind::model, "node '" + node.name + "': the value has the shape " + shape.to_string() +
                                    " for a batch of " + std::to_string(batch) +
                                    ", expected the batch as its leading extent and nowhere else");
}

// The one operator that can mix the images of a batch without its shape showing it.
void refuse_softmax_over_batch(const net::Node& node, int rank) {
  const auto* softmax = std::get_if<net::Softmax>(&node.op);
  if (softmax == nullptr || (softmax->axis != 0 && softmax->axis != -rank)) return;
  throw Error(
      ErrorKind::model,
      "node '" + node.name + "': a Softmax over axis 0, the batch, expected one over an axis of the image");
}

}  // namespace

std::vector<Shape> sample_shapes(const net::Graph& graph) {
  std::vector<Shape> samples(static_cast<std::size_t>(graph.size()));
  // Three batch sizes tell an extent that is the batch from one that merely equals it.
  for (std::int64_t batch = 1; batch <= 3; ++batch) {
    const std::vector<Shape> shapes = graph.infer_shapes(batch);
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      const auto id = static_cast<net::NodeId>(i);
      if (!graph.is_variable(id)) {
        samples[i] = shapes[i];
        continue;
      }
      if (shapes[i].rank() == 0 || shapes[i][0] != batch) refuse(graph.node(id), shapes[i], batch);
      if (batch > 1 && !(shapes[i].without_leading() == samples[i])) refuse(graph.node(id), shapes[i], batch);
      samples[i] = shapes[i].without_leading();
      refuse_softmax_over_batch(graph.node(id), shapes[i].rank());
    }
  }
  return samples;
}

Layout plain_layout(const Shape& sample) {
  if (sample.rank() == 0) return {};
  return {.channels = sample[0], .positions = sample.elements(1, sample.rank())};
}

}  // namespace faultline::engine
