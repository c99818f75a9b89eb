#pragma once

#include "image/colour_map.h"
#include "image/scaled_map.h"
#include "tensor/tensor.h"

namespace faultline {

struct OverlayOptions {
  ColourMap colours = ColourMap::inferno;
  float opacity = 0.85F;     // of the strongest value
  bool proportional = true;  // opacity falls to 0 where the map does; else the same everywhere
  bool grey_picture = true;  // the picture loses its colours, so that all colour is the map's
};

// A heatmap laid over its picture, brought to the picture's size by upsample_bilinear.
//   picture [3,H,W] in [0,1], map.values [h,w] -> [3,H,W].
//   proportional: opacity * |value - zero| / max(zero, 1 - zero).
//   A blank map shows the picture without any overlay, faded and struck through with thin diagonal lines, so
//   that it cannot be taken for a map with little in it.
// Throws ContractError on another rank.
Tensor overlay(TensorView picture, const ScaledMap& map, const OverlayOptions& options = {});

}  // namespace faultline
