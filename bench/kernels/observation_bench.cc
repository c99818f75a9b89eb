#include <benchmark/benchmark.h>

#include <cmath>
#include <functional>
#include <string>

#include "engine/engine.h"
#include "kernels/suites.h"
#include "kernels/values.h"

namespace faultline::bench {

namespace {

using engine::Observation;
using engine::Term;

constexpr int kRows = 10;
constexpr double kTolerance = 1e-12;

struct LayerShape {
  const char* name;
  std::int64_t channels;
  std::int64_t side;
};

const LayerShape kShapes[] = {
    {"vgg16/block1_conv2", 64, 224}, {"vgg16/block3_conv3", 256, 56}, {"vgg16/block5_conv3", 512, 14}};

// One layer as a network has it: of rectified values, with a gradient that differs everywhere. Calls visit
// during a backward sweep with one seed a row.
void observe(const LayerShape& shape, const engine::GradientVisitor& visit) {
  const std::int64_t values = shape.channels * shape.side * shape.side;
  net::Graph graph;
  const auto vector = graph.add("vector", net::Input{Shape{values}}, {});
  const auto map =
      graph.add("map", net::Reshape{.dims = {0, shape.channels, shape.side, shape.side}}, {vector});
  const auto layer = graph.add("layer", net::Relu{}, {map});
  const auto squashed = graph.add("squashed", net::Sigmoid{}, {layer});
  const auto mean = graph.add("mean", net::GlobalAveragePool{}, {squashed});
  graph.set_output(graph.add("logits", net::Flatten{}, {mean}));
  const auto plan = engine::make_engine("onednn")->compile(graph, {.observed = {layer}});
  const auto pass = plan->forward(random_values(Shape{kRows, values}, "images"));
  engine::Seeds seeds{DoubleTensor(Shape{kRows, shape.channels})};
  for (std::int64_t i = 0; i < seeds.logit_gradients.elements(); ++i)
    seeds.logit_gradients[i] = static_cast<double>(i * 7 % 11) - 4.5;
  const std::vector<net::NodeId> points = {layer};
  plan->backward(*pass, seeds, points, visit);
}

// The summand of a term at one position; s is unused by all but the damped one.
double summand(Term term, double a, double g, double s) {
  switch (term) {
    case Term::activation:
      return a;
    case Term::gradient:
      return g;
    case Term::positive_gradient:
      return std::max(g, 0.0);
    case Term::gradient_activation:
      return g * a;
    case Term::positive_gradient_activation:
      return std::max(g, 0.0) * a;
    case Term::damped_positive_gradient:
      return std::abs(2 + g * s) < 1e-12 ? 0 : std::max(g, 0.0) / (2 + g * s);
    case Term::damping:
      return g == 0 || std::abs(2 + g * s) < 1e-12 ? 0 : 1 / (2 + g * s);
  }
  return 0;
}

// Row 0 of both reductions of a term, by plain loops.
struct Expected {
  DoubleTensor map;   // [positions]: weighted by `weights`
  DoubleTensor sums;  // [C]
};
Expected expected(const Observation& layer, Term term, const DoubleTensor& weights) {
  const DoubleTensor a = layer.read(0);
  const DoubleTensor g = layer.read_gradient(0);
  const std::int64_t channels = a.shape()[0];
  const std::int64_t positions = a.elements() / channels;
  Expected result{DoubleTensor(Shape{positions}), DoubleTensor(Shape{channels})};
  for (std::int64_t c = 0; c < channels; ++c) {
    double s = 0;
    for (std::int64_t p = 0; p < positions; ++p) s += a[c * positions + p];
    for (std::int64_t p = 0; p < positions; ++p) {
      const double f = summand(term, a[c * positions + p], g[c * positions + p], s);
      result.sums[c] += f;
      result.map[p] += weights[c] * f;
    }
  }
  return result;
}

struct Reduction {
  const char* name;
  std::function<void(const Observation&, const DoubleTensor& weights)> run;
  std::function<void(const std::string&, const Observation&, const DoubleTensor& weights)> check;
};

Reduction map_of(const char* name, Term term) {
  return {name,
          [term](const Observation& o, const DoubleTensor& w) {
            benchmark::DoNotOptimize(o.weighted_map(term, w));
          },
          [term](const std::string& what, const Observation& o, const DoubleTensor& w) {
            const DoubleTensor maps = o.weighted_map(term, w);
            require_close(what, maps.row(0), expected(o, term, w).map, kTolerance);
          }};
}

Reduction sum_of(const char* name, Term term) {
  return {
      name,
      [term](const Observation& o, const DoubleTensor&) { benchmark::DoNotOptimize(o.position_sum(term)); },
      [term](const std::string& what, const Observation& o, const DoubleTensor& w) {
        const DoubleTensor sums = o.position_sum(term);
        require_close(what, sums.row(0), expected(o, term, w).sums, kTolerance);
      }};
}

// |A_r - A_0| of every row.
Reduction distances() {
  return {"distances",
          [](const Observation& o, const DoubleTensor&) { benchmark::DoNotOptimize(o.distances(o, 0)); },
          [](const std::string& what, const Observation& o, const DoubleTensor&) {
            const DoubleTensor base = o.read(0);
            const DoubleTensor other = o.read(1);
            double squares = 0;
            for (std::int64_t i = 0; i < base.elements(); ++i)
              squares += (other[i] - base[i]) * (other[i] - base[i]);
            const DoubleTensor found(Shape{1}, {o.distances(o, 0)[1]});
            require_close(what, found, DoubleTensor(Shape{1}, {std::sqrt(squares)}), kTolerance);
          }};
}

const std::vector<Reduction>& reductions() {
  static const std::vector<Reduction> all = {
      sum_of("sums of g", Term::gradient),
      sum_of("sums of damped g+", Term::damped_positive_gradient),
      map_of("map of w A", Term::activation),
      map_of("map of g A", Term::gradient_activation),
      map_of("map of g+ A", Term::positive_gradient_activation),
      distances(),
  };
  return all;
}

void time(benchmark::State& state, const std::string& name, const LayerShape& shape,
          const Reduction& reduction) {
  const DoubleTensor weights = to_double(random_values(Shape{kRows, shape.channels}, "weights"));
  observe(shape, [&](const Observation& layer) {
    check_once(name, [&] { reduction.check(name, layer, weights); });
    for (auto _ : state) reduction.run(layer, weights);
  });
  // Of one array of the layer: whether a reduction reads the activation, the gradient or both is in its name.
  const double bytes = 4.0 * kRows * static_cast<double>(shape.channels * shape.side * shape.side);
  state.counters["array_GB"] =
      benchmark::Counter(1e-9 * bytes, benchmark::Counter::kIsIterationInvariantRate);
}

}  // namespace

void add_reductions() {
  for (const LayerShape& shape : kShapes) {
    for (const Reduction& reduction : reductions()) {
      const std::string name = std::string(shape.name) + "/" + reduction.name + "/" + std::to_string(kRows);
      benchmark::RegisterBenchmark(
          name.c_str(),
          [=, &shape, &reduction](benchmark::State& state) { time(state, name, shape, reduction); })
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
    }
  }
}

}  // namespace faultline::bench
