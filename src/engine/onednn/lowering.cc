#include "engine/onednn/lowering.h"

#include <map>
#include <memory>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "base/parallel.h"
#include "engine/common/generic_kernel.h"
#include "engine/common/sample_shapes.h"
#include "engine/onednn/channel_affine_kernel.h"
#include "engine/onednn/constants.h"
#include "engine/onednn/conv_kernel.h"
#include "engine/onednn/converting_kernel.h"
#include "engine/onednn/fusion.h"
#include "engine/onednn/kernels.h"

namespace faultline::engine::onednn {

namespace {

std::size_t at(NodeId node) {
  return static_cast<std::size_t>(node);
}

class Lowering {
 public:
  Lowering(const net::Graph& graph, const CompileOptions& options, const EngineOptions& engine)
      : graph_(graph),
        freezable_(options.freezable),
        context_(std::make_shared<Context>(engine)),
        shapes_(sample_shapes(graph)) {
    constants_ = constant_values(graph, shapes_);
    for (const Shape& shape : shapes_) best_.push_back(layout_of(shape, context_->block()));
    layouts_ = best_;
    layouts_[at(graph.input())] = plain_layout(shapes_[at(graph.input())]);
    for (const ConvGroup& group : find_conv_groups(graph, options)) {
      if (is_planar(group.conv)) groups_.emplace(group.result(), group);
    }
    for (const auto& [result, group] : groups_) {
      for (const NodeId node : {group.conv, group.batch_normalization.value_or(result)})
        absorbed_[at(node)] = node != result;
    }
  }

  Lowered run() {
    Lowered lowered;
    for (NodeId node = 0; node < graph_.size(); ++node) {
      if (!graph_.is_variable(node) || node == graph_.input() || absorbed_[at(node)]) continue;
      lowered.program.steps.push_back(step_of(node));
    }
    parallel_for(static_cast<std::int64_t>(convolutions_.size()), [&](std::int64_t i) {
      convolutions_[static_cast<std::size_t>(i)].second->convert_weights();
    });
    for (const auto& [node, kernel] : convolutions_) {
      lowered.convolutions.push_back({.node = graph_.node(node).name,
                                      .problem = kernel->problem(),
                                      .forward = kernel->forward_implementation(),
                                      .backward = kernel->backward_implementation()});
    }
    context_->allocate();
    lowered.program.resources = context_;
    lowered.program.layouts = std::move(layouts_);
    lowered.program.sample_shapes = std::move(shapes_);
    return lowered;
  }

 private:
  // Whether ConvKernel can run it: constant weights, at most two spatial axes.
  bool is_planar(NodeId conv) const {
    const auto& inputs = graph_.node(conv).inputs;
    if (shapes_[at(conv)].rank() > 3) return false;
    for (std::size_t i = 1; i < inputs.size(); ++i) {
      if (graph_.is_variable(inputs[i])) return false;
    }
    return true;
  }

  Step<float> step_of(NodeId node) {
    if (const auto group = groups_.find(node); group != groups_.end()) return conv_step(group->second);
    KernelPointer kernel = make_kernel(graph_.node(node).op, site_of(node), *context_);
    if (!kernel) {
      Step<float> step = generic_step<float>(graph_, shapes_, node);
      step.kernel = make_converting(std::move(step.kernel), plain_layouts(step), own_layouts(step, layouts_));
      return step;
    }
    Step<float> step{.node = node, .inputs = {}, .kernel = nullptr};
    for (const NodeId input : graph_.node(node).inputs) {
      if (graph_.is_variable(input)) step.inputs.push_back(input);
    }
    step.affine = net::response_of(graph_, node) == net::Response::affine;
    step.kernel = make_converting(std::move(kernel), own_layouts(step, best_), own_layouts(step, layouts_));
    return step;
  }

  static KernelLayouts own_layouts(const Step<float>& step, const std::vector<Layout>& layouts) {
    KernelLayouts own{.inputs = {}, .output = layouts[at(step.node)]};
    for (const NodeId input : step.inputs) own.inputs.push_back(layouts[at(input)]);
    return own;
  }

  KernelLayouts plain_layouts(const Step<float>& step) const {
    KernelLayouts own = own_layouts(step, layouts_);
    for (Layout& input : own.inputs) input = plain(input);
    own.output = plain(own.output);
    return own;
  }

  Site site_of(NodeId node) const {
    const auto operand = [&](NodeId id) {
      const Shape& shape = shapes_[at(id)];
      return Operand{graph_.is_variable(id) ? shape.stacked(1) : shape, best_[at(id)], constants_[at(id)]};
    };
    Site site{.inputs = {}, .output = operand(node)};
    for (const NodeId input : graph_.node(node).inputs) site.inputs.push_back(operand(input));
    return site;
  }

  Step<float> conv_step(const ConvGroup& group) {
    const net::Node& node = graph_.node(group.conv);
    const auto& op = std::get<net::Conv>(node.op);
    const Site site = site_of(group.conv);
    const ConvProblem problem{.window = net::window_of(op, site.inputs[0].shape, site.inputs[1].shape),
                              .groups = op.groups,
                              .source = layouts_[at(node.inputs[0])],
                              .destination = site.output.layout,
                              .relu = group.relu.has_value(),
                              .gated = freezable_};
    Tensor weights(*site.inputs[1].constant);
    Tensor bias(Shape{problem.destination.channels});
    if (site.inputs.size() > 2) bias = Tensor(*site.inputs[2].constant);
    if (group.batch_normalization) fold_normalization(*group.batch_normalization, weights, bias);
    auto kernel = std::make_unique<ConvKernel>(problem, std::move(weights), std::move(bias), *context_);
    warn_if_slow(node.name, *kernel);
    convolutions_.emplace_back(group.conv, kernel.get());
    return {.node = group.result(),
            .inputs = {node.inputs[0]},
            .kernel = std::move(kernel),
            .affine = !problem.relu};
  }

  // scale (w x + b) + shift = (scale w) x + (scale b + shift), by output channel.
  void fold_normalization(NodeId normalization, Tensor& weights, Tensor& bias) const {
    const Site site = site_of(normalization);
    const auto& op = std::get<net::BatchNormalization>(graph_.node(normalization).op);
    const ChannelAffine affine = fold(op, *site.inputs[1].constant, *site.inputs[2].constant,
                                      *site.inputs[3].constant, *site.inputs[4].constant);
    const std::int64_t taps = weights.elements() / bias.elements();
    for (std::int64_t o = 0; o < bias.elements(); ++o) {
      for (std::int64_t i = o * taps; i < (o + 1) * taps; ++i) {
        weights[i] = static_cast<float>(affine.scale[o] * double(weights[i]));
      }
      bias[o] = static_cast<float>(affine.scale[o] * double(bias[o]) + affine.shift[o]);
    }
  }

  static void warn_if_slow(const std::string& name, const ConvKernel& kernel) {
    for (const std::string& implementation :
         {kernel.forward_implementation(), kernel.backward_implementation()}) {
      if (implementation.find("ref") != std::string::npos) {
        std::string message = "convolution '";
        message.append(name)
            .append("' runs slowly, on oneDNN's plain loops (")
            .append(implementation)
            .append(")");
        log_warning(message);
      }
    }
  }

  const net::Graph& graph_;
  bool freezable_;
  std::shared_ptr<Context> context_;
  std::vector<Shape> shapes_;
  std::vector<Layout> best_ = {};     // as layout_of chooses them
  std::vector<Layout> layouts_ = {};  // as values lie: the Input always plain
  std::vector<std::shared_ptr<const Tensor>> constants_ = {};
  std::map<NodeId, ConvGroup> groups_ = {};  // by the node whose value they write
  std::vector<bool> absorbed_ = std::vector<bool>(at(graph_.size()), false);
  std::vector<std::pair<NodeId, ConvKernel*>> convolutions_ = {};
};

}  // namespace

Lowered lower(const net::Graph& graph, const CompileOptions& options, const EngineOptions& engine) {
  return Lowering(graph, options, engine).run();
}

}  // namespace faultline::engine::onednn
