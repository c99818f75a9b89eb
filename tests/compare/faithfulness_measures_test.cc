#include <gtest/gtest.h>

#include <set>

#include "base/philox.h"
#include "compare/confidence_drop.h"
#include "compare/faithfulness.h"
#include "compare/measured.h"
#include "expect_error.h"
#include "expect_parameters.h"

namespace faultline::compare {
namespace {

// softmax of two sums over the pixels of an image of 6 x 5, and a map that orders them.
class FaithfulnessMeasures : public testing::Test {
 protected:
  static std::unique_ptr<engine::Plan> compiled() {
    net::Graph graph;
    const net::NodeId input = graph.add("input", net::Input{{3, 6, 5}}, {});
    const net::Normalize grey{.source = {0, 1, 2}, .scale = 1, .mean = {0.5F, 0.4F, 0.3F}, .std = {1, 1, 1}};
    const net::NodeId normalised = graph.add("normalised", grey, {input});
    const net::NodeId flat = graph.add("flat", net::Flatten{}, {normalised});
    Tensor weights({2, 90});
    const RandomStream stream(0, "weights");
    for (std::int64_t i = 0; i < weights.elements(); ++i)
      weights[i] = static_cast<float>(0.3 * stream.normal(static_cast<std::uint64_t>(i)));
    const net::NodeId w = graph.add_constant("w", std::move(weights));
    graph.set_output(graph.add("logits", net::Gemm{.transpose_b = true}, {flat, w}));
    return engine::make_engine("reference")->compile(graph, {});
  }
  FaithfulnessMeasures() {
    for (std::int64_t i = 0; i < image_.elements(); ++i) image_[i] = 0.01F * static_cast<float>(i % 89);
    for (std::int64_t i = 0; i < relevance_.elements(); ++i)
      relevance_[i] = static_cast<float>(i * 7 % 30) - 12.0F;
  }
  double measure(std::string_view name, std::initializer_list<std::string_view> assignments = {}) const {
    Settings settings = measure_settings(name);
    for (const std::string_view assignment : assignments) settings.set_assignment(assignment);
    const MapOnImage map{.plan = *plan_, .image = image_, .relevance = relevance_, .seed = 3, .key = "k"};
    return faithfulness_measure(name).measure(map, measure_options(settings));
  }

  std::unique_ptr<engine::Plan> plan_ = compiled();
  Tensor image_{{3, 6, 5}};
  Tensor relevance_{{6, 5}};
};

TEST_F(FaithfulnessMeasures, OfDeletionAndInsertionAreAreasFromTheBaselinesAskedFor) {
  const Tensor neutral = neutral_baseline(plan_->graph(), image_.shape());
  const Tensor black(image_.shape());
  const Tensor blurred = blurred_baseline(image_);
  const auto deletion = [&](const Tensor& baseline, int steps) {
    return deletion_curve(*plan_, image_, relevance_, 0, baseline, steps).area;
  };
  const auto insertion = [&](const Tensor& baseline, int steps) {
    return insertion_curve(*plan_, image_, relevance_, 0, baseline, steps).area;
  };
  EXPECT_EQ(measure("deletion"), deletion(neutral, 224));
  EXPECT_EQ(measure("deletion", {"steps=7"}), deletion(neutral, 7));
  EXPECT_EQ(measure("deletion", {"baseline=black"}), deletion(black, 224));
  EXPECT_EQ(measure("deletion", {"baseline=blurred"}), deletion(blurred, 224));
  EXPECT_EQ(measure("insertion"), insertion(blurred, 224));
  EXPECT_EQ(measure("insertion", {"baseline=neutral", "steps=5"}), insertion(neutral, 5));
  EXPECT_EQ(measure("insertion", {"blur_size=3", "blur_sigma=0.8"}),
            insertion(blurred_baseline(image_, {.size = 3, .sigma = 0.8}), 224));
  EXPECT_NE(measure("insertion", {"blur_size=3", "blur_sigma=0.8"}), measure("insertion"));
}

TEST_F(FaithfulnessMeasures, OfConfidenceAreItsDropAndWhetherItRose) {
  const ConfidenceDrop found = confidence_drop(*plan_, image_, relevance_, 0);
  EXPECT_EQ(measure("average-drop"), found.drop());
  EXPECT_EQ(measure("increase"), found.increased() ? 1 : 0);
}

TEST_F(FaithfulnessMeasures, OfRoadIsTheCombinedOne) {
  const auto combined = [&](const RoadOptions& options) {
    return road(*plan_, image_, relevance_, 0, options, 3, "k").combined;
  };
  EXPECT_EQ(measure("road"), combined({}));
  EXPECT_EQ(measure("road", {"shares=1/3,0.5", "noise=0.2"}),
            combined({.shares = {1.0 / 3, 0.5}, .noise = 0.2}));
  EXPECT_NE(measure("road", {"noise=0.2"}), measure("road"));
}

TEST(FaithfulnessCatalogue, HasSoundTablesAndSaysWhatIsGood) {
  std::set<std::string_view> names;
  for (const FaithfulnessMeasure& each : faithfulness_measures()) {
    SCOPED_TRACE(each.name);
    EXPECT_TRUE(names.insert(each.name).second);
    EXPECT_FALSE(each.source.empty());
    EXPECT_TRUE(each.description.ends_with(each.large_is_good ? "large is good" : "small is good"));
    test::expect_sound_parameters("measure", each.name, each.parameters);
  }
  EXPECT_EQ(names, (std::set<std::string_view>{"deletion", "insertion", "average-drop", "increase", "road"}));
}

TEST(FaithfulnessCatalogue, RefusesWhatItsTablesCannotTell) {
  const auto refused = [](std::string_view name, std::string_view assignment, const std::string& part) {
    Settings settings = measure_settings(name);
    settings.set_assignment(assignment);
    test::expect_error([&] { measure_options(settings); }, ErrorKind::usage, part);
  };
  refused("deletion", "blur_size=4", "measure deletion: blur_size: got '4', expected an odd number");
  for (const char* shares : {"shares=", "shares=0.2,,0.4", "shares=1", "shares=0", "shares=0.2;0.4"})
    refused("road", shares, "expected numbers between 0 and 1 with commas");
  test::expect_error([] { measure_settings("truth"); }, ErrorKind::usage,
                     "unknown measure 'truth'; expected one of: deletion, insertion");
}

TEST(MeanOf, LeavesOutWhatIsMissing) {
  const std::vector<Measured> some = {0.5, std::nullopt, 0.25};
  EXPECT_EQ(mean_of(some), 0.375);
  EXPECT_FALSE(mean_of(std::span(some).subspan(1, 1)).has_value());
  EXPECT_FALSE(mean_of({}).has_value());
}

}  // namespace
}  // namespace faultline::compare
