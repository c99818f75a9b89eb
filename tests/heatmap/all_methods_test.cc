// The table of all methods and of their parameters.
#include <gtest/gtest.h>

#include <algorithm>

#include "expect_error.h"
#include "heatmap/methods.h"

namespace faultline::heatmap {
namespace {

TEST(AllMethods, HaveTheDefaultsOfTheirFunctions) {
  for (const MethodSummary& each : all_methods()) {
    const MethodOptions options = method_options(method_settings(each.name));
    const MethodOptions expected;
    EXPECT_EQ(options.masked, expected.masked);
    EXPECT_EQ(options.integrated_gradients.steps, expected.integrated_gradients.steps);
    EXPECT_EQ(options.integrated_gradients.baseline, expected.integrated_gradients.baseline);
    EXPECT_EQ(options.smoothgrad.samples, expected.smoothgrad.samples);
    EXPECT_EQ(options.smoothgrad.sigma, expected.smoothgrad.sigma);
    EXPECT_EQ(options.lrp.epsilon, expected.lrp.epsilon);
    EXPECT_EQ(options.lrp.gamma, expected.lrp.gamma);
  }
}

TEST(AllMethods, TakeTheirParameters) {
  EXPECT_EQ(method_options(method_settings("scorecam").set("masked", "input")).masked, Masked::input);
  Settings path = method_settings("integrated-gradients");
  const auto of_path = method_options(path.set("steps", "7").set("baseline", "0.25")).integrated_gradients;
  EXPECT_EQ(of_path.steps, 7);
  EXPECT_EQ(of_path.baseline, 0.25);
  Settings noise = method_settings("smoothgrad");
  const auto of_noise = method_options(noise.set("samples", "3").set("sigma", "1/4")).smoothgrad;
  EXPECT_EQ(of_noise.samples, 3);
  EXPECT_EQ(of_noise.sigma, 0.25);
  Settings lrp = method_settings("lrp-gamma");
  const auto of_lrp = method_options(lrp.set("gamma", "2").set("epsilon", "0.5")).lrp;
  EXPECT_EQ(of_lrp.gamma, 2);
  EXPECT_EQ(of_lrp.epsilon, 0.5);
  EXPECT_THROW(method_settings("gradcam").set("steps", "3"), Error);
  EXPECT_THROW(method_settings("lrp-epsilon").set("epsilon", "-1"), Error);
}

TEST(AllMethods, HaveDifferentNames) {
  std::vector<std::string_view> names;
  for (const MethodSummary& each : all_methods()) {
    EXPECT_EQ(std::ranges::count(names, each.name), 0) << each.name;
    EXPECT_FALSE(each.cost.empty());
    names.push_back(each.name);
  }
  EXPECT_EQ(names.size(), heatmap_methods().size() + changed_layer_methods().size() + input_methods().size());
  EXPECT_EQ(method_summary("fullgrad").place, Place::input);
  EXPECT_THROW(method_summary("scam"), Error);
  EXPECT_EQ(sweep_method("eigencam").name, "eigencam");
  test::expect_error(
      [] { sweep_method("scorecam"); }, ErrorKind::usage,
      "heatmap method 'scorecam' takes passes of its own; expected one that is made in the common "
      "backward sweep: layercam, hirescam, gradcam, gradcam++, xgradcam, noisecam, noisecam-logit, "
      "noisecam-scale-free, eigencam, eigengradcam");
  EXPECT_THROW(sweep_method("scam"), Error);
}

}  // namespace
}  // namespace faultline::heatmap
