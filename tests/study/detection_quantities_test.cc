#include "study/detection_quantities.h"

#include <gtest/gtest.h>

#include <cmath>

#include "compare/responses.h"
#include "study/analysis.h"
#include "tiny_study.h"

namespace faultline::study {
namespace {

class DetectionQuantities : public test::TinyStudy {
 protected:
  void SetUp() override {
    test::TinyStudy::SetUp();
    plan_ = engine_->compile(model_.graph, {.observed = compare::observed_nodes(model_.graph, model_.map)});
  }
  std::vector<store::DetectionRow> measure(const DetectionOptions& options = {}) {
    return detection_quantities(*plan_, model_.map, image_.pixels, 5, "stream", options);
  }

  std::unique_ptr<engine::Plan> plan_;
};

double value(const std::vector<store::DetectionRow>& rows, const std::string& quantity, std::int64_t point) {
  for (const auto& row : rows) {
    if (row.quantity == quantity && row.point == point) return row.value.value_or(NAN);
  }
  return NAN;
}

// The same by another way: the comparison of an image with its own copy as the perturbed input.
TEST_F(DetectionQuantities, AreThoseOfAComparisonWithACopy) {
  const DetectionOptions one{.copies = 1, .noise = 2.0 / 255};
  const auto rows = measure(one);
  Tensor images = Tensor::uninitialised({2, 3, 32, 32});
  copy_values(image_.pixels.view(), images.row(0));
  const RandomStream numbers(5, "stream/copy=0");
  for (std::int64_t i = 0; i < image_.pixels.elements(); ++i) {
    images.row(1)[i] =
        std::clamp(static_cast<float>(static_cast<double>(image_.pixels[i]) +
                                      one.noise * numbers.normal(static_cast<std::uint64_t>(i))),
                   0.0F, 1.0F);
  }
  const std::vector<compare::Role> roles = {compare::Role::clean, compare::Role::adversarial};
  const auto response = compare::compare_responses(*plan_, images, roles, model_.map);
  const auto logits = response.logits.row(0);
  const int runner_up = [&] {
    int best = -1;
    for (int j = 0; j < 10; ++j) {
      if (j != response.classes.clean_class && (best < 0 || logits[j] > logits[best])) best = j;
    }
    return best;
  }();
  for (std::size_t p = 0; p < model_.map.points.size(); ++p) {
    SCOPED_TRACE(model_.map.points[p].name);
    const auto point = static_cast<std::int64_t>(p);
    EXPECT_NEAR(value(rows, "copies-deviation", point), std::log(*response.points[p].deviation[1]), 1e-9);
    // The comparison's margin is against the class that the copy is nearest to.
    if (runner_up == response.classes.other_class) {
      EXPECT_NEAR(value(rows, "copies-alignment", point), *response.points[p].alignment[1], 1e-9);
    }
  }
  EXPECT_EQ(runner_up, response.classes.other_class) << "this picture tests the alignment too";
}

TEST_F(DetectionQuantities, HaveAMassAtLayersAndAreTheSameTwice) {
  const auto rows = measure();
  const auto again = measure();
  ASSERT_EQ(rows.size(), 2 * model_.map.points.size() + model_.map.layers.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].value, again[i].value);
    EXPECT_TRUE(std::isfinite(rows[i].value.value_or(0)));
  }
}

TEST_F(DetectionQuantities, OfMoreNoiseDeviateMore) {
  const auto little = measure({.copies = 2, .noise = 0.5 / 255});
  const auto much = measure({.copies = 2, .noise = 4.0 / 255});
  EXPECT_GT(value(much, "copies-deviation", 0), value(little, "copies-deviation", 0) + 1.5);
}

}  // namespace
}  // namespace faultline::study
