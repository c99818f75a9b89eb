#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/settings.h"
#include "compare/insertion_deletion.h"
#include "compare/road.h"
#include "engine/engine.h"
#include "tensor/tensor.h"

namespace faultline::compare {

// A map laid over the image that it explains. What is referred to must outlive the call.
struct MapOnImage {
  engine::Plan& plan;
  TensorView image;      // [3,H,W], pixel units
  TensorView relevance;  // [H,W], any sign
  int class_index = 0;   // whose probability tells
  std::uint64_t seed = 0;
  std::string key = {};  // names image and map, for random streams
};

// What the pixels of an image are exchanged with.
enum class Baseline {
  neutral,  // what preprocessing makes 0 (neutral_baseline)
  black,
  blurred,  // the image blurred (blurred_baseline)
};

// What can be set of the measures below; each reads what concerns it.
struct MeasureOptions {
  int steps = 224;
  Baseline baseline = Baseline::neutral;
  BlurOptions blur = {};
  RoadOptions road = {};
};

// Of settings of one measure's parameters; what it does not have keeps its default. Throws Error{usage} for
// values that its table cannot tell from good ones.
MeasureOptions measure_options(const Settings& settings);

// A way to ask whether what a map shows is what the network uses.
struct FaithfulnessMeasure {
  std::string_view name;
  std::string_view description;  // one line, with range, and whether large or small is good
  std::string_view source;
  bool large_is_good;
  std::span<const Parameter> parameters;
  double (*measure)(const MapOnImage& map, const MeasureOptions& with);  // finite
};

// The measures that exist: adding one is adding its line in faithfulness.cc (and its file).
std::span<const FaithfulnessMeasure> faithfulness_measures();
// Throws Error{usage} listing the names.
const FaithfulnessMeasure& faithfulness_measure(std::string_view name);

// Settings of the measure's parameters, none given. Throws Error{usage} for an unknown measure.
Settings measure_settings(std::string_view name);

}  // namespace faultline::compare
