#include "engine/compare_plans.h"

#include <algorithm>

#include "base/philox.h"
#include "engine/close.h"
#include "engine/networks.h"
#include "engine/random_graph.h"
#include "engine/run.h"

namespace faultline::test {

namespace {

using engine::Intervention;
using engine::InterventionKind;
using engine::Pass;
using engine::Plan;
using net::NodeId;

constexpr int kRows = 3;

class Comparison {
 public:
  Comparison(Plan& actual, Plan& expected, const std::vector<NodeId>& observed, bool freezable,
             std::uint64_t seed, double epsilon)
      : actual_(actual),
        expected_(expected),
        observed_(observed),
        freezable_(freezable),
        stream_(seed, "comparison"),
        epsilon_(epsilon),
        lengths_(reduction_lengths(expected.graph())) {}

  std::vector<std::string> run() {
    const Tensor images = well_conditioned_images();
    const auto actual = actual_.forward(images);
    const auto expected = expected_.forward(images);
    compare_values("forward", *actual, *expected);
    compare_gradients("backward", *actual, *expected, observed_, true);
    compare_intervened(images, *actual, *expected);
    return std::move(found_);
  }

 private:
  const net::Graph& graph() const { return expected_.graph(); }
  std::uint64_t below(std::size_t bound) { return stream_.below(next_++, bound); }

  Tensor draw_images() {
    const auto& sample = std::get<net::Input>(graph().node(graph().input()).op).sample_shape;
    Tensor images(Shape{kRows, sample[0], sample[1], sample[2]});
    for (float& value : images.values()) value = static_cast<float>(stream_.uniform(next_++));
    return images;
  }

  Tensor well_conditioned_images() {
    for (int draw = 0; draw < 50; ++draw) {
      Tensor images = draw_images();
      if (gradient_is_smooth_at(images)) return images;
    }
    found_.push_back("no images at which the expected gradient is smooth");
    return draw_images();
  }

  bool gradient_is_smooth_at(const Tensor& images) {
    Tensor noise = draw_images();
    const Gradients here = sweep_all(expected_, *expected_.forward(images));
    for (const float sign : {-1.0f, 1.0f}) {
      Tensor moved(images);
      const auto size = static_cast<float>(256 * epsilon_);
      for (std::int64_t i = 0; i < moved.elements(); ++i) moved[i] += sign * size * (noise[i] - 0.5f);
      const Gradients there = sweep_all(expected_, *expected_.forward(moved));
      for (const auto& [node, rows] : here.at) {
        for (std::size_t r = 0; r < rows.size(); ++r) {
          if (relative_l2(there.at.at(node)[r], rows[r]) > gradient_tolerance()) return false;
        }
      }
    }
    return true;
  }

  // At the image as well, which every gate that counts lies between and the logits.
  Gradients sweep_all(Plan& plan, const Pass& pass) const {
    auto points = observed_;
    points.push_back(graph().input());
    return sweep(plan, pass, mixed_seeds(pass.rows(), pass.logits().shape()[1]), points, false);
  }

  double value_tolerance(NodeId node) const {
    return epsilon_ * (10 + lengths_[static_cast<std::size_t>(node)]);
  }
  double gradient_tolerance() const { return 4 * value_tolerance(graph().output()); }

  void expect_close(const std::string& what, NodeId node, std::size_t row, DoubleTensorView actual,
                    DoubleTensorView expected, double tolerance) {
    const double error = relative_l2(actual, expected);
    if (error <= tolerance) return;
    found_.push_back(what + " at '" + graph().node(node).name + "', row " + std::to_string(row) + ": " +
                     std::to_string(error) + " instead of at most " + std::to_string(tolerance));
  }

  void compare_values(const std::string& what, const Pass& actual, const Pass& expected) {
    for (const NodeId node : observed_) {
      for (int r = 0; r < expected.rows(); ++r) {
        expect_close(what, node, static_cast<std::size_t>(r), actual.observe(node).read(r),
                     expected.observe(node).read(r), value_tolerance(node));
      }
    }
    expect_close(what, graph().output(), 0, actual.logits(), expected.logits(),
                 value_tolerance(graph().output()));
  }

  void compare_gradients(const std::string& what, const Pass& actual, const Pass& expected,
                         const std::vector<NodeId>& points, bool image) {
    const auto seeds = mixed_seeds(expected.rows(), expected.logits().shape()[1]);
    const Gradients a = sweep(actual_, actual, seeds, points, image);
    const Gradients e = sweep(expected_, expected, seeds, points, image);
    for (const auto& [node, rows] : e.at) {
      for (std::size_t r = 0; r < rows.size(); ++r)
        expect_close(what, node, r, a.at.at(node)[r], rows[r], gradient_tolerance());
    }
    if (!image) return;
    // The image gradient is handed over in float.
    expect_close(what, graph().input(), 0, to_double(a.image), to_double(e.image),
                 gradient_tolerance() + double{std::numeric_limits<float>::epsilon()});
  }

  // The same changes for either plan, with its own pass as their source. Row 0 stays as it is.
  std::vector<Intervention> interventions(const Pass& source, NodeId from, NodeId later,
                                          const std::vector<std::uint8_t>& mask) const {
    std::vector<Intervention> list = {
        {.row = 1, .node = from, .source = &source, .source_row = 2, .amount = 0.75, .channels = mask},
        {.row = 2,
         .node = later,
         .kind = InterventionKind::add,
         .source = &source,
         .source_row = 0,
         .amount = -0.5}};
    for (const NodeId node : freezable_ ? downstream(from) : std::vector<NodeId>{}) {
      if (node == from) continue;
      list.push_back(
          {.row = 1, .node = node, .kind = InterventionKind::freeze, .source = &source, .source_row = 1});
    }
    return list;
  }

  std::vector<NodeId> downstream(NodeId from) const {
    std::vector<bool> member(static_cast<std::size_t>(graph().size()), false);
    std::vector<NodeId> nodes;
    for (NodeId id = from; id < graph().size(); ++id) {
      const auto& inputs = graph().node(id).inputs;
      member[static_cast<std::size_t>(id)] =
          id == from || std::any_of(inputs.begin(), inputs.end(),
                                    [&](NodeId input) { return member[static_cast<std::size_t>(input)]; });
      if (member[static_cast<std::size_t>(id)]) nodes.push_back(id);
    }
    return nodes;
  }

  void compare_intervened(TensorView images, const Pass& actual, const Pass& expected) {
    const NodeId from = observed_[below(observed_.size())];
    std::vector<NodeId> points;
    for (const NodeId node : downstream(from)) {
      if (std::find(observed_.begin(), observed_.end(), node) != observed_.end()) points.push_back(node);
    }
    const NodeId later = points[below(points.size())];
    std::vector<std::uint8_t> mask(
        static_cast<std::size_t>(expected.observe(from).position_sum(engine::Term::activation).shape()[1]));
    for (std::uint8_t& channel : mask) channel = static_cast<std::uint8_t>(below(2));
    const std::vector<int> rows = {0, 1, 2};
    const auto actual_list = interventions(actual, from, later, mask);
    const auto expected_list = interventions(expected, from, later, mask);
    const auto actual_resumed = actual_.resume(actual, from, rows, actual_list);
    const auto expected_resumed = expected_.resume(expected, from, rows, expected_list);
    compare_values("resume from '" + graph().node(from).name + "'", *actual_resumed, *expected_resumed);
    compare_gradients("resumed backward", *actual_resumed, *expected_resumed, points, false);
    if (!same(actual_resumed->logits(), actual_.forward(images, actual_list)->logits()))
      found_.push_back("the resumed pass is not the whole run, bit for bit");
  }

  Plan& actual_;
  Plan& expected_;
  const std::vector<NodeId>& observed_;
  bool freezable_;
  RandomStream stream_;
  std::uint64_t next_ = 0;
  double epsilon_;
  std::vector<double> lengths_;
  std::vector<std::string> found_ = {};
};

}  // namespace

std::vector<std::string> differences(Plan& actual, Plan& expected, const std::vector<NodeId>& observed,
                                     bool freezable, std::uint64_t seed, double epsilon) {
  return Comparison(actual, expected, observed, freezable, seed, epsilon).run();
}

}  // namespace faultline::test
