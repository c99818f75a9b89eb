#pragma once

#include <cstdint>
#include <string_view>

#include "engine/engine.h"
#include "heatmap/score.h"

namespace faultline::heatmap {

// What is to be explained: why this image has this score. What is referred to must outlive the call.
struct Question {
  TensorView image;           // [1,3,H,W], pixel units
  std::string_view key = {};  // names the image for random streams: the SHA-256 of its file
  Score score = scores().front();
  ClassPair classes = {};
  std::uint64_t seed = 0;
  int max_batch = 16;  // most rows in one pass; has no influence on results
};

// The score as one of fixed classes, so that it means the same for changed inputs: `own` becomes `class` of
// the prediction in `logits` [1,K], any other stays.
void fix_classes(const DoubleTensor& logits, Score& score, ClassPair& classes);

}  // namespace faultline::heatmap
