#include "study/faithfulness.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "base/philox.h"
#include "expect_error.h"
#include "net/points.h"
#include "study/tiny_study.h"

namespace faultline::study {
namespace {

using faultline::test::expect_error;

Settings method(std::string_view name) {
  return heatmap::method_settings(name);
}

Settings measure(std::string_view name, std::initializer_list<std::string_view> assignments = {}) {
  Settings settings = compare::measure_settings(name);
  for (const std::string_view assignment : assignments) settings.set_assignment(assignment);
  return settings;
}

constexpr std::int64_t kSide = 6;
constexpr std::int64_t kPixels = kSide * kSide;

double sigmoid(double z) {
  return 1 / (1 + std::exp(-z));
}

// Logits <w, x> and 0: the class's probability is the sigmoid of a sum of what the pixels contribute, which
// input-x-gradient tells exactly.
class LinearFaithfulness : public testing::Test {
 protected:
  LinearFaithfulness() {
    image_.file = "a.png";
    image_.pixels = Tensor({3, kSide, kSide});
    const RandomStream stream(0, "weights and pixels");
    for (std::int64_t i = 0; i < 3 * kPixels; ++i) {
      weights_[i] = static_cast<float>(0.1 + 0.4 * stream.normal(static_cast<std::uint64_t>(i)));
      image_.pixels[i] = static_cast<float>(stream.uniform(static_cast<std::uint64_t>(1000 + i)));
    }
    image_.sha256 = "key";
  }
  formats::Model model() const {
    net::Graph graph;
    const net::NodeId input = graph.add("input", net::Input{{3, kSide, kSide}}, {});
    const net::NodeId flat = graph.add("flat", net::Flatten{}, {input});
    const net::NodeId w = graph.add_constant("w", weights_);
    graph.set_output(graph.add("logits", net::Gemm{.transpose_b = true}, {flat, w}));
    formats::Model model;
    model.map = net::map_network(graph);
    model.graph = std::move(graph);
    model.classes = 2;
    return model;
  }
  Faithfulness check(const std::vector<Settings>& measures, const std::vector<InputImage>& images) const {
    return check_faithfulness(
        model(), images, *engine_,
        {.methods = {method("input-x-gradient"), method("gradient")}, .measures = measures}, {});
  }
  // What each pixel adds to the logit, the most first.
  std::vector<double> contributions() const {
    std::vector<double> all(kPixels, 0.0);
    for (std::int64_t i = 0; i < 3 * kPixels; ++i)
      all[static_cast<std::size_t>(i % kPixels)] +=
          static_cast<double>(weights_[i]) * static_cast<double>(image_.pixels[i]);
    std::ranges::sort(all, std::greater<>());
    return all;
  }
  // Area under the sigmoid of `from` plus the first k contributions times `sign`.
  double area(double from, double sign) const {
    double z = from;
    double sum = 0;
    for (const double each : contributions()) {
      const double before = sigmoid(z);
      z += sign * each;
      sum += (before + sigmoid(z)) / 2;
    }
    return sum / static_cast<double>(kPixels);
  }
  double logit() const {
    double sum = 0;
    for (const double each : contributions()) sum += each;
    return sum;
  }

  std::unique_ptr<engine::Engine> engine_ = engine::make_engine("reference");
  Tensor weights_{{2, 3 * kPixels}};
  InputImage image_;
};

TEST_F(LinearFaithfulness, OfInputXGradientIsTheBestThereIs) {
  ASSERT_GT(logit(), 0);  // class 0
  const Faithfulness found = check(
      {measure("deletion", {"steps=36"}), measure("insertion", {"steps=36", "baseline=black"})}, {image_});
  EXPECT_EQ(found.classes, (std::vector<int>{0}));
  EXPECT_EQ(found.layer, "");
  ASSERT_EQ(found.methods.size(), 3U);
  const MethodFaithfulness& best = found.methods[0];
  EXPECT_EQ(best.method, "input-x-gradient");
  EXPECT_NEAR(best.mean(0).value(), area(logit(), -1), 1e-9);
  EXPECT_NEAR(best.mean(1).value(), area(0, 1), 1e-9);
  const MethodFaithfulness& random = found.methods[2];
  EXPECT_EQ(random.method, "random");
  EXPECT_GT(random.mean(0).value(), best.mean(0).value() + 0.05);
  EXPECT_LT(random.mean(1).value(), best.mean(1).value() - 0.05);
}

TEST_F(LinearFaithfulness, TakesTheMeasuresParameters) {
  const Faithfulness found = check(
      {measure("deletion", {"steps=1"}), measure("deletion", {"baseline=blurred", "blur_size=1"})}, {image_});
  EXPECT_NEAR(found.methods[0].mean(0).value(), (sigmoid(logit()) + 0.5) / 2, 1e-9);
  EXPECT_NEAR(found.methods[0].mean(1).value(), sigmoid(logit()), 1e-9);  // nothing is exchanged
}

// A black image times its gradient is blank; its gradient is not.
TEST_F(LinearFaithfulness, OfABlankMapIsMissing) {
  InputImage black = image_;
  black.sha256 = "black";
  std::ranges::fill(black.pixels.values(), 0.0F);
  const std::vector<Settings> measures = {measure("deletion"), measure("average-drop"), measure("road")};
  const Faithfulness both = check(measures, {black, image_});
  const Faithfulness alone = check(measures, {image_});
  for (std::size_t m = 0; m < measures.size(); ++m) {
    const MethodFaithfulness& times = both.methods[0];
    EXPECT_EQ(times.images(m), 1);
    EXPECT_FALSE(times.values[m][0].has_value());
    EXPECT_EQ(times.mean(m), alone.methods[0].mean(m));
    EXPECT_EQ(both.methods[1].images(m), 2);
    EXPECT_EQ(both.methods[2].images(m), 2);
  }
  const MethodFaithfulness nothing = check(measures, {black}).methods[0];
  EXPECT_EQ(nothing.images(0), 0);
  EXPECT_FALSE(nothing.mean(0).has_value());
}

TEST_F(LinearFaithfulness, OfAMapThatIsTheSameEverywhereIsMissing) {
  for (std::int64_t i = 0; i < 3 * kPixels; ++i) weights_[i] = 0.25F;
  const Faithfulness found = check({measure("deletion")}, {image_});
  EXPECT_EQ(found.methods[0].images(0), 1);
  EXPECT_EQ(found.methods[1].images(0), 0);  // the gradient
}

TEST_F(LinearFaithfulness, HasNoLayersToExplain) {
  expect_error(
      [&] {
        check_faithfulness(model(), {image_}, *engine_,
                           {.methods = {method("layercam")}, .measures = {measure("road")}}, {});
      },
      ErrorKind::model, "no convolution to explain");
}

class FaithfulnessOfTiny : public test::TinyStudy {
 protected:
  void SetUp() override {
    TinyStudy::SetUp();
    other_ = image_;
    other_.file = "b.png";
    other_.sha256 = "other";
    std::ranges::reverse(other_.pixels.values());
  }
  Faithfulness check(const std::vector<InputImage>& images, const RunControl& control = {},
                     std::uint64_t seed = 0, const std::string& layer = "block2_conv1") const {
    Settings smoothgrad = method("smoothgrad");
    smoothgrad.set("samples", 3);
    return check_faithfulness(
        model_, images, *engine_,
        {.methods = {method("layercam"), method("scorecam"), smoothgrad},
         .measures = {measure("deletion", {"steps=5"}), measure("insertion", {"steps=5"}),
                      measure("average-drop"), measure("increase"), measure("road", {"shares=0.3"})},
         .layer = layer,
         .seed = seed},
        control);
  }

  InputImage other_;
};

TEST_F(FaithfulnessOfTiny, OfAnImageDependsNeitherOnOtherImagesNorOnThreads) {
  const Faithfulness both = check({image_, other_});
  const Faithfulness turned = check({other_, image_});
  set_compute_threads(3);
  const Faithfulness alone = check({other_});
  set_compute_threads(0);
  EXPECT_EQ(both.layer, "block2_conv1");
  ASSERT_EQ(both.methods.size(), 5U);
  for (std::size_t row = 0; row < 5; ++row) {
    SCOPED_TRACE(both.methods[row].method);
    for (std::size_t m = 0; m < 5; ++m) {
      const auto& values = both.methods[row].values[m];
      ASSERT_EQ(values.size(), 2U);
      EXPECT_TRUE(values[0].has_value());
      EXPECT_EQ(turned.methods[row].values[m], (std::vector{values[1], values[0]}));
      EXPECT_EQ(alone.methods[row].values[m], std::vector{values[1]});
    }
    EXPECT_NE(both.methods[row].values[0][0], both.methods[row].values[0][1]);
  }
}

TEST_F(FaithfulnessOfTiny, OfARandomMapDependsOnTheSeed) {
  const auto random = [&](std::uint64_t seed, std::size_t row) {
    const MethodFaithfulness method = check({image_}, {}, seed).methods[row];
    EXPECT_EQ(method.method, row == 3 ? "random" : "random-coarse");
    return method.values;
  };
  for (const std::size_t row : {3U, 4U}) {
    EXPECT_EQ(random(0, row), random(0, row));
    EXPECT_NE(random(0, row), random(1, row));
  }
  EXPECT_NE(random(0, 3), random(0, 4));
}

TEST_F(FaithfulnessOfTiny, TellsHowFarItIsAndStopsWhenAsked) {
  std::vector<Progress> told;
  check({image_, other_}, RunControl([&](const Progress& progress) { told.push_back(progress); }, nullptr));
  ASSERT_EQ(told.size(), 2U * 5U + 1U);
  for (std::size_t i = 0; i < told.size(); ++i) {
    EXPECT_EQ(told[i].done, static_cast<std::int64_t>(i));
    EXPECT_EQ(told[i].total, 10);
  }
  EXPECT_EQ(told[3].what, "scorecam on b.png");

  std::atomic<bool> stop = false;
  int units = 0;
  const RunControl stopping(
      [&](const Progress&) {
        ++units;
        stop = true;
      },
      &stop);
  expect_error([&] { check({image_, other_}, stopping); }, ErrorKind::interrupted, "stopped");
  EXPECT_EQ(units, 1);
}

TEST_F(FaithfulnessOfTiny, LivesAtTheLastLayerUnlessToldOtherwise) {
  EXPECT_EQ(check({image_}, {}, 0, "").layer, model_.map.layers.back().name);
  EXPECT_THROW(check({image_}, {}, 0, "block9_conv1"), Error);
}

}  // namespace
}  // namespace faultline::study
