#include "heatmap/ablation_cam.h"

namespace faultline::heatmap {

DoubleTensor ablation_cam(const ChangedLayer& of) {
  const std::int64_t channels = of.pass.observe(of.layer).sample_shape()[0];
  // A - A is exactly 0.
  std::vector<double> weights = changed_scores(of, of.layer, channels, [&](std::int64_t k) {
    engine::Intervention without{.node = of.layer,
                                 .kind = engine::InterventionKind::add,
                                 .source = &of.pass,
                                 .source_row = 0,
                                 .amount = -1};
    without.channels.resize(static_cast<std::size_t>(channels));
    without.channels[static_cast<std::size_t>(k)] = 1;
    return without;
  });
  const double score = of.own_score();
  for (double& weight : weights) weight = score == 0 ? 0 : (score - weight) / score;
  return weighted_activation(of, weights);
}

}  // namespace faultline::heatmap
