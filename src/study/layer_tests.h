#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "causal/channel_subset.h"
#include "causal/critical_dose.h"
#include "causal/deviation_dose.h"
#include "study/analysis.h"
#include "study/cause_options.h"
#include "study/image_record.h"
#include "study/response_rows.h"

namespace faultline::study {

// How finely doses and shares are looked for: by default what a budget of 260 forward passes an image leaves
// on VGG-16.
struct LayerTestGrids {
  explicit LayerTestGrids(bool fine);
  causal::DoseGrid dose;        // of the adversarial deviation
  causal::DoseLevels levels;    // of other deviations
  causal::PrefixSearch prefix;  // of channels
  int random_orders = 2;        // of channels
};

// The inputs that layers are tested with: the clean one, the adversarial one, and those that directions are
// taken from.
struct LayerTestInputs {
  explicit LayerTestInputs(const Analysis& analysis);
  Tensor images;
  static constexpr int kClean = 0;
  static constexpr int kAdversarial = 1;
  std::vector<std::pair<std::string, int>> others;  // kind of the input, row
};

// The tests of causes at one layer (method.md, section 6): doses, channel subsets, restoring.
class LayerTests {
 public:
  // All must outlive the object.
  //   point: the layer's number among the points; stream: names its random numbers.
  LayerTests(const CauseOptions& options, const RowKey& key, std::int64_t point, std::string stream,
             std::uint64_t seed, ImageRecord& record);

  // Adds rows of the table intervention.
  //   pass: of the inputs; gradient: dm/dA at the clean image. exchange_error is raised to the error of
  //   exchanging all, where that is known.
  void run(engine::Plan& plan, const engine::Pass& pass, const LayerTestInputs& inputs, net::NodeId node,
           const DoubleTensor& gradient, const causal::MarginClasses& classes, double& exchange_error);

 private:
  void add(store::InterventionRow row);
  void add_direction(causal::Substitution& substitution, const DoubleTensor& direction,
                     const std::string& kind, const causal::ValueRange& range,
                     const causal::MarginClasses& classes, const causal::CriticalDose& adversarial);
  void add_subset(causal::Substitution& substitution, const std::string& source,
                  const std::vector<int>& order, const causal::MarginClasses& classes);
  void add_share(const std::string& kind, const std::string& source, const causal::ChannelSubset& found);

  const CauseOptions& options_;
  const LayerTestGrids grids_;
  RowKey key_;
  std::int64_t point_;
  std::string stream_;
  std::uint64_t seed_;
  ImageRecord& record_;
};

}  // namespace faultline::study
