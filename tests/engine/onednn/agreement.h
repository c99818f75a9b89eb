#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "engine/networks.h"

namespace faultline::test {

// |a - b| / |b|, or |a| where b is 0.
inline double relative_distance(const DoubleTensor& a, const DoubleTensor& b) {
  EXPECT_EQ(a.shape(), b.shape());
  double difference = 0;
  double norm = 0;
  for (std::int64_t i = 0; i < b.elements(); ++i) {
    difference += (a[i] - b[i]) * (a[i] - b[i]);
    norm += b[i] * b[i];
  }
  return norm == 0 ? std::sqrt(difference) : std::sqrt(difference / norm);
}

// ds/dz of one seed a row, all classes at once, so that every logit counts.
inline engine::Seeds random_seeds(const DoubleTensor& logits) {
  engine::Seeds seeds{DoubleTensor(logits.shape())};
  const Tensor values = random_tensor(logits.shape(), "seeds");
  for (std::int64_t i = 0; i < values.elements(); ++i) seeds.logit_gradients[i] = double{values[i]};
  return seeds;
}

// Every gradient of a pass at `points`, by node and seed.
inline std::map<net::NodeId, std::vector<DoubleTensor>> gradients(engine::Plan& plan,
                                                                  const engine::Pass& pass,
                                                                  const std::vector<net::NodeId>& points) {
  std::map<net::NodeId, std::vector<DoubleTensor>> result;
  plan.backward(pass, random_seeds(pass.logits()), points, [&](const engine::Observation& at) {
    for (int seed = 0; seed < at.seeds(); ++seed) result[at.node()].push_back(at.read_gradient(seed));
  });
  return result;
}

// All that one engine says of the images: each observed activation and gradient is within `tolerance`
// (relative L2) of the reference engine's.
inline void expect_agreement(const net::Graph& graph, const Tensor& images,
                             const engine::CompileOptions& options, double tolerance) {
  const auto plan = engine::make_engine("onednn")->compile(graph, options);
  const auto reference = engine::make_engine("reference")->compile(graph, options);
  const auto pass = plan->forward(images);
  const auto expected = reference->forward(images);
  const auto found_gradients = gradients(*plan, *pass, options.observed);
  const auto expected_gradients = gradients(*reference, *expected, options.observed);
  EXPECT_LE(relative_distance(pass->logits(), expected->logits()), tolerance);
  for (const net::NodeId node : options.observed) {
    for (int row = 0; row < pass->rows(); ++row) {
      const auto r = static_cast<std::size_t>(row);
      const std::string where = graph.node(node).name + ", row " + std::to_string(row);
      EXPECT_LE(relative_distance(pass->observe(node).read(row), expected->observe(node).read(row)),
                tolerance)
          << where;
      EXPECT_LE(relative_distance(found_gradients.at(node)[r], expected_gradients.at(node)[r]), tolerance)
          << "gradient at " << where;
    }
  }
}

}  // namespace faultline::test
