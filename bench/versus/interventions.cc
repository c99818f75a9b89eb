#include "versus/interventions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/error.h"
#include "heatmap/score.h"
#include "versus/machine.h"
#include "versus/spread.h"

namespace faultline::bench {

namespace {

constexpr int kImages = 8;
using Interventions = std::vector<engine::Intervention>;

std::string cost(std::int64_t multiply_adds) {
  return fmt::format("{:.1f}", 1e-9 * static_cast<double>(multiply_adds));
}

std::int64_t multiply_adds_of(engine::Plan& plan, const std::function<void()>& run) {
  const std::int64_t before = plan.counters().multiply_adds;
  run();
  return plan.counters().multiply_adds - before;
}

// The largest difference of logits, relative to the largest logit.
double difference(const DoubleTensor& a, const DoubleTensor& b) {
  double largest = 0;
  double most = 0;
  for (std::int64_t i = 0; i < a.elements(); ++i) {
    largest = std::max(largest, std::abs(a[i]));
    most = std::max(most, std::abs(a[i] - b[i]));
  }
  return most / largest;
}

// Every image takes another one's value at the node.
Interventions exchange(const engine::Pass& base, net::NodeId node) {
  Interventions result;
  for (int row = 0; row < kImages; ++row)
    result.push_back({.row = row, .node = node, .source = &base, .source_row = kImages - 1 - row});
  return result;
}

std::string resume_row(const Subject& subject, engine::Plan& plan, const net::Point& point) {
  const TensorView pixels = subject.first(kImages);
  const auto base = plan.forward(pixels);
  const Interventions changes = exchange(*base, point.node);
  std::vector<int> rows(kImages);
  std::iota(rows.begin(), rows.end(), 0);
  const auto whole = [&] { return plan.forward(pixels, changes); };
  const auto resumed = [&] { return plan.resume(*base, point.node, rows, changes); };
  if (difference(whole()->logits(), resumed()->logits()) != 0)
    throw Error(ErrorKind::model, point.name + ": a resumed pass differs from the whole one");
  const std::int64_t all = multiply_adds_of(plan, whole);
  const std::int64_t some = multiply_adds_of(plan, resumed);
  const Spread whole_s = time_of(subject.repeat, whole);
  const Spread resumed_s = time_of(subject.repeat, resumed);
  return table_row({point.name, cost(all), cost(some), to_text(whole_s, 3), to_text(resumed_s, 3),
                    fmt::format("{:.1f}", static_cast<double>(all) / static_cast<double>(some)),
                    fmt::format("{:.1f}", whole_s.median / resumed_s.median)});
}

// The first convolution or dense layer of each block.
std::vector<net::Point> first_of_blocks(const net::NetworkMap& map) {
  std::vector<net::Point> points;
  for (const net::Point& point : map.points) {
    const bool has_weights = point.kind == net::PointKind::layer || point.kind == net::PointKind::dense;
    if (has_weights && (points.empty() || points.back().block != point.block)) points.push_back(point);
  }
  return points;
}

std::string resume_table(const Subject& subject) {
  const std::vector<net::Point> points = first_of_blocks(subject.model.map);
  std::vector<net::NodeId> nodes;
  for (const net::Point& point : points) nodes.push_back(point.node);
  const auto plan = subject.engine->compile(subject.model.graph, {.observed = nodes});
  std::string text =
      table_header({fmt::format("from, {} images", kImages), "whole pass, 10^9 multiply-adds", "resumed",
                    "whole pass, s", "resumed, s", "fewer multiply-adds, times", "faster, times"});
  for (const net::Point& point : points) text += resume_row(subject, *plan, point);
  return text;
}

// Every non-affine node of every image.
Interventions freeze(const net::Graph& graph, const engine::Pass& recording) {
  Interventions result;
  for (net::NodeId node = 0; node < graph.size(); ++node) {
    if (!graph.is_variable(node) || node == graph.input()) continue;
    if (net::response_of(graph, node) == net::Response::affine) continue;
    for (int row = 0; row < kImages; ++row) {
      result.push_back({.row = row,
                        .node = node,
                        .kind = engine::InterventionKind::freeze,
                        .source = &recording,
                        .source_row = row});
    }
  }
  return result;
}

// A forward pass, and the backward one from each image's own class to the image.
std::string pass_row(const Subject& subject, const std::string& name, engine::Plan& plan,
                     const Interventions& changes) {
  const TensorView pixels = subject.first(kImages);
  const auto forward = [&] { return plan.forward(pixels, changes); };
  const auto pass = forward();
  const engine::Seeds seeds = heatmap::own_score(pass->logits(), {});
  Tensor gradient(pixels.shape());
  const auto backward = [&] {
    plan.backward(
        *pass, seeds, {}, [](const engine::Observation&) {}, gradient);
  };
  const std::int64_t forward_cost = multiply_adds_of(plan, forward);
  const std::int64_t backward_cost = multiply_adds_of(plan, backward);
  return table_row({name, cost(forward_cost), to_text(time_of(subject.repeat, forward), 3),
                    cost(backward_cost), to_text(time_of(subject.repeat, backward), 3)});
}

std::string freeze_table(const Subject& subject) {
  constexpr double kTolerance = 1e-4;
  std::string text = table_header({fmt::format("{} images", kImages), "forward, 10^9 multiply-adds",
                                   "forward, s", "backward, 10^9 multiply-adds", "backward, s"});
  text += pass_row(subject, "plan without freezing", *subject.compile(), {});
  const auto plan =
      subject.engine->compile(subject.model.graph, {.observed = subject.layers(), .freezable = true});
  text += pass_row(subject, "freezable plan, nothing frozen", *plan, {});
  const auto recording = plan->forward(subject.first(kImages));
  const Interventions changes = freeze(subject.model.graph, *recording);
  const auto frozen = plan->forward(subject.first(kImages), changes);
  if (!(difference(recording->logits(), frozen->logits()) < kTolerance))
    throw Error(ErrorKind::model, "a network frozen at its own recording answers otherwise");
  return text + pass_row(subject, "every ReLU and pooling frozen", *plan, changes);
}

}  // namespace

std::string measure_interventions(const Subject& subject) {
  return resume_table(subject) + "\n" + freeze_table(subject);
}

}  // namespace faultline::bench
