#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/run_control.h"
#include "base/settings.h"
#include "compare/faithfulness.h"
#include "compare/measured.h"
#include "engine/engine.h"
#include "formats/load_model.h"
#include "heatmap/methods.h"
#include "study/input_image.h"

namespace faultline::study {

// Whether what heatmaps show is what the network uses: the measures of compare/faithfulness.h of the maps
// that methods make of the clean prediction (score `class`), and for comparison of a random map.
//   A map of a layer is brought to the image's size bilinearly (heatmap::upsample).
struct FaithfulnessOptions {
  std::vector<Settings> methods;   // heatmap::method_settings of each
  std::vector<Settings> measures;  // compare::measure_settings of each
  std::string layer = {};          // where heatmaps of layers live; the network's last if empty
  std::uint64_t seed = 0;
};

// Rows that are there whatever the methods, for what chance gives: values uniform in (0,1), of the stream
// "<key>/faithfulness=<name>". One for each pixel; and if heatmaps of layers take part, one for each cell of
// the layer, brought to the image's size as they are, since a network bears smooth changes better than noise.
inline constexpr std::string_view kRandomMap = "random";
inline constexpr std::string_view kCoarseRandomMap = "random-coarse";

struct MethodFaithfulness {
  std::string method;
  // [measure][image]: missing where the map orders no pixels, because it is blank or otherwise the same
  // everywhere, or holds a value that is not finite.
  std::vector<std::vector<compare::Measured>> values;

  // Over the images that have a value; how many these are.
  compare::Measured mean(std::size_t measure) const;
  std::int64_t images(std::size_t measure) const;
};

struct Faithfulness {
  std::string layer;                        // of the heatmaps of layers; empty if there are none
  std::vector<int> classes;                 // [images]: what the network predicts, and maps explain
  std::vector<MethodFaithfulness> methods;  // as in the options, then the random ones
};

// Depends on network, images, options and engine; a value of one image not on the others. Costs for each
// method and image the map and what each measure costs. Throws Error{usage} for an unknown method, measure or
// layer, Error{interrupted} if stopped.
Faithfulness check_faithfulness(const formats::Model& model, const std::vector<InputImage>& images,
                                const engine::Engine& engine, const FaithfulnessOptions& options,
                                const RunControl& control);

}  // namespace faultline::study
