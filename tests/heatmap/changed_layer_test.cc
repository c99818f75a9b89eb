// What holds for every heatmap by resumed passes.
#include <gmock/gmock.h>

#include "heatmap/ablation_cam.h"
#include "heatmap/changed_layer_setting.h"
#include "heatmap/score_cam.h"

namespace faultline::heatmap {
namespace {

TEST(ChangedLayer, DoesNotDependOnBatches) {
  for (const std::string engine : {"reference", "onednn"}) {
    ChangedLayerSetting setting(engine);
    for (const auto method : {+[](const ChangedLayer& of) { return ablation_cam(of); },
                              +[](const ChangedLayer& of) { return score_cam(of); },
                              +[](const ChangedLayer& of) { return score_cam(of, Masked::input); }}) {
      const DoubleTensor whole = method(setting.question(16));
      for (const int batch : {1, 2, 3})
        EXPECT_THAT(method(setting.question(batch)).values(), ::testing::ElementsAreArray(whole.values()));
    }
  }
}

TEST(ChangedLayer, CostsAPassFromTheLayerOnForEachChannel) {
  ChangedLayerSetting setting;
  std::int64_t after = 0;
  for (const engine::StepTime& step : setting.plan->times())
    after += step.node > setting.layer ? step.multiply_adds : 0;
  ASSERT_GT(after, 0);
  const auto cost_of = [&](const auto& make) {
    const std::int64_t before = setting.plan->counters().multiply_adds;
    make();
    return setting.plan->counters().multiply_adds - before;
  };
  EXPECT_EQ(cost_of([&] { ablation_cam(setting.question(2)); }), kChannels * after);
  EXPECT_EQ(cost_of([&] { score_cam(setting.question(2)); }), kChannels * after);
  EXPECT_GT(cost_of([&] { score_cam(setting.question(2), Masked::input); }), kChannels * after);
}

}  // namespace
}  // namespace faultline::heatmap
