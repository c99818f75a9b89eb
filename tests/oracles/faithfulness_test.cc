#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "compare/confidence_drop.h"
#include "compare/insertion_deletion.h"
#include "compare/noisy_linear_imputation.h"
#include "compare/relevance_order.h"
#include "tensor/npy.h"
#include "tensor/softmax.h"

namespace faultline::oracles {
namespace {

using nlohmann::json;

// A linear classifier, an image and a map with a tie; all but images are compared in double.
class StoredFaithfulness : public testing::Test {
 protected:
  static std::filesystem::path file(const std::string& name) {
    return std::filesystem::path(FAULTLINE_SOURCE_DIR) / "tests/data/oracles/faithfulness" / name;
  }
  StoredFaithfulness() {
    net::Graph graph;
    const net::NodeId input = graph.add("input", net::Input{image_.shape()}, {});
    const net::NodeId flat = graph.add("flat", net::Flatten{}, {input});
    const net::NodeId w = graph.add_constant("w", read_npy(file("weights.npy")));
    graph.set_output(graph.add("logits", net::Gemm{.transpose_b = true}, {flat, w}));
    plan_ = engine::make_engine("reference")->compile(graph, {});
  }
  void expect_curve(const compare::ExchangeCurve& found, const std::string& name) const {
    const json& expected = stored_.at(name);
    ASSERT_EQ(found.probabilities.size(), expected.at("probabilities").size());
    for (std::size_t i = 0; i < found.probabilities.size(); ++i)
      EXPECT_NEAR(found.probabilities[i], expected.at("probabilities")[i].get<double>(), 1e-11) << name << i;
    EXPECT_NEAR(found.area, expected.at("area").get<double>(), 1e-11) << name;
  }
  static void expect_near(const Tensor& found, const std::string& name) {
    const DoubleTensor expected = read_npy_double(file(name));
    ASSERT_EQ(found.shape(), expected.shape());
    for (std::int64_t i = 0; i < found.elements(); ++i)
      EXPECT_NEAR(static_cast<double>(found[i]), expected[i], 1e-7) << name << i;
  }

  json stored_ = json::parse(read_file(file("faithfulness.json")));
  Tensor image_ = read_npy(file("image.npy"));
  Tensor relevance_ = read_npy(file("relevance.npy"));
  int class_ = stored_.at("class_index");
  int steps_ = stored_.at("steps");
  std::unique_ptr<engine::Plan> plan_;
};

TEST_F(StoredFaithfulness, Deletion) {
  expect_curve(compare::deletion_curve(*plan_, image_, relevance_, class_, Tensor(image_.shape()), steps_),
               "deletion_to_black");
}

TEST_F(StoredFaithfulness, Insertion) {
  const Tensor blurred = compare::blurred_baseline(image_);
  expect_near(blurred, "blurred.npy");
  expect_curve(compare::insertion_curve(*plan_, image_, relevance_, class_, blurred, steps_),
               "insertion_from_blurred");
}

TEST_F(StoredFaithfulness, ConfidenceDrop) {
  const compare::ConfidenceDrop found = compare::confidence_drop(*plan_, image_, relevance_, class_);
  EXPECT_NEAR(found.clean, stored_.at("clean").get<double>(), 1e-11);
  EXPECT_NEAR(found.masked, stored_.at("masked").get<double>(), 1e-7);
}

TEST_F(StoredFaithfulness, Imputation) {
  const std::vector<std::int64_t> order = compare::relevance_order(relevance_);
  const auto removed = static_cast<std::size_t>(
      std::lround(stored_.at("share").get<double>() * static_cast<double>(order.size())));
  const Tensor imputed =
      compare::impute(image_, std::span(order).first(removed), 0, RandomStream(0, "no noise"));
  expect_near(imputed, "imputed.npy");
  const auto pass =
      plan_->forward(imputed.view().reshaped({1, image_.shape()[0], image_.shape()[1], image_.shape()[2]}));
  EXPECT_NEAR(softmax(pass->logits().row(0))[static_cast<std::size_t>(class_)],
              stored_.at("most_first").get<double>(), 1e-7);
}

}  // namespace
}  // namespace faultline::oracles
