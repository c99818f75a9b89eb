#include "engine/tune.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <utility>

#include "base/philox.h"
#include "engine/onednn/context.h"
#include "engine/onednn/conv_paths.h"
#include "engine/onednn/layouts.h"
#include "engine/onednn/lowering.h"

namespace faultline::engine::onednn {

namespace {

constexpr std::array kAlgorithms = {ConvAlgorithm::direct, ConvAlgorithm::winograd, ConvAlgorithm::narrow,
                                    ConvAlgorithm::bf16};

struct Candidate {
  ConvProblem problem;
  Direction direction = Direction::forward;
  TunedConvolution result;
};

// Every shape once, in the order of the network, forward before backward.
std::vector<Candidate> candidates_of(const net::Graph& graph) {
  std::vector<Candidate> candidates;
  const Lowered lowered = lower(graph, {});
  for (const ConvImplementation& convolution : lowered.convolutions) {
    const ConvProblem& problem = convolution.problem;
    for (const Direction direction : {Direction::forward, Direction::backward}) {
      Candidate candidate{.problem = problem,
                          .direction = direction,
                          .result = {.signature = signature_of(problem, direction, channel_block()),
                                     .node = convolution.node,
                                     .multiply_adds = problem.multiply_adds()}};
      const auto known = std::find_if(candidates.begin(), candidates.end(), [&](const Candidate& other) {
        return other.result.signature == candidate.result.signature;
      });
      if (known != candidates.end()) {
        ++known->result.count;
      } else {
        candidates.push_back(std::move(candidate));
      }
    }
  }
  return candidates;
}

Tensor random_values(std::int64_t count, const char* name) {
  const RandomStream stream(0, name);
  Tensor values = Tensor::uninitialised(Shape{count});
  for (std::int64_t i = 0; i < count; ++i)
    values[i] = static_cast<float>(stream.uniform(static_cast<std::uint64_t>(i)) - 0.5);
  return values;
}

// Rows of one layout, filled with the same row, that lie apart as a network's do.
class Rows {
 public:
  Rows(const Layout& layout, int rows, const Tensor& row) : values_(Shape{rows, layout.row_elements()}) {
    for (int r = 0; r < rows; ++r) {
      writable_.push_back(values_.row(r).data());
      convert_row(plain(layout), row.data(), layout, writable_.back());
      readable_.push_back(writable_.back());
    }
  }
  std::span<const float* const> readable() const { return readable_; }
  std::span<float* const> writable() const { return writable_; }

 private:
  Tensor values_;
  std::vector<float*> writable_;
  std::vector<const float*> readable_;
};

// One algorithm of a convolution, ready to run.
struct Contestant {
  std::unique_ptr<Context> context;
  ConvAlgorithm algorithm;
  std::unique_ptr<ConvPath> path;
  std::vector<double> seconds = {};
};

std::vector<Contestant> contestants_of(const Candidate& candidate) {
  const ConvProblem& problem = candidate.problem;
  const std::int64_t outputs = problem.destination.channels;
  const Tensor weights =
      random_values(outputs * (problem.source.channels / problem.groups) * problem.taps(), "tune weights");
  const Tensor bias = random_values(outputs, "tune bias");
  std::vector<Contestant> contestants;
  for (const ConvAlgorithm algorithm : kAlgorithms) {
    auto context = std::make_unique<Context>(EngineOptions{});
    auto path = make_conv_path(algorithm, problem, candidate.direction, *context);
    if (!path) continue;
    path->set_weights(weights.data(), bias.data());
    context->allocate();
    contestants.push_back({std::move(context), algorithm, std::move(path)});
  }
  return contestants;
}

double seconds_of(ConvPath& path, const ConvRows& rows) {
  const auto start = std::chrono::steady_clock::now();
  path.run(rows);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The upper one of two in the middle.
double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void measure(Candidate& candidate, const TuneOptions& options, const RunControl& control) {
  const bool is_forward = candidate.direction == Direction::forward;
  const Layout& from = is_forward ? candidate.problem.source : candidate.problem.destination;
  const Layout& to = is_forward ? candidate.problem.destination : candidate.problem.source;
  const Rows inputs(from, options.rows, random_values(from.channels * from.positions, "tune inputs"));
  // Of the same layout as the inputs: the ReLU's outputs, half of them 0 or below.
  const Rows gates(from, options.rows, random_values(from.channels * from.positions, "tune gates"));
  const Rows outputs(to, options.rows, Tensor(Shape{to.channels * to.positions}));
  ConvRows rows{.inputs = inputs.readable(), .outputs = outputs.writable()};
  if (!is_forward && candidate.problem.relu) rows.input_gates = gates.readable();
  std::vector<Contestant> contestants = contestants_of(candidate);
  for (int turn = 0; turn <= options.repeat; ++turn) {
    for (Contestant& contestant : contestants) {
      control.checkpoint();
      const double seconds = seconds_of(*contestant.path, rows);
      if (turn > 0) contestant.seconds.push_back(seconds / options.rows);
    }
  }
  for (Contestant& contestant : contestants) {
    candidate.result.times.push_back({.algorithm = contestant.algorithm,
                                      .implementation = contestant.path->implementation(),
                                      .seconds = median(std::move(contestant.seconds))});
  }
  std::stable_sort(candidate.result.times.begin(), candidate.result.times.end(),
                   [](const AlgorithmTime& a, const AlgorithmTime& b) { return a.seconds < b.seconds; });
}

}  // namespace

}  // namespace faultline::engine::onednn

namespace faultline::engine {

std::vector<TunedConvolution> measure_convolutions(const net::Graph& graph, const TuneOptions& options,
                                                   const RunControl& control) {
  require(options.rows > 0 && options.repeat > 0, "measure_convolutions: at least one row and one run");
  std::vector<onednn::Candidate> candidates = onednn::candidates_of(graph);
  const auto total = static_cast<std::int64_t>(candidates.size());
  std::vector<TunedConvolution> results;
  for (onednn::Candidate& candidate : candidates) {
    control.report({static_cast<std::int64_t>(results.size()), total, candidate.result.node});
    onednn::measure(candidate, options, control);
    results.push_back(std::move(candidate.result));
  }
  control.report({total, total, "convolutions"});
  return results;
}

}  // namespace faultline::engine
