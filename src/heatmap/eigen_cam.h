#pragma once

#include "engine/observation.h"

namespace faultline::heatmap {

// Eigen-CAM heatmaps of one layer (Muhammad and Yeasin, "Eigen-CAM: Class Activation Map using Principal
// Components", IJCNN 2020; centred, as in pytorch-grad-cam).
//   M[r] [Z,C]: A of row r, positions by channels, each channel less its mean over positions
//   H[r,y,x] = (M[r] v)[y,x],   v the first right singular vector of M[r]
// Signed. A singular vector has no sign of its own: it is turned so that the cell of the largest magnitude is
// positive (of several, the first in row-major order). 0 where M is. Asks nothing of the score.
//   -> [R,h,w], R seeds, with seed r at row r; a map of a row depends on no other row.
// Throws ContractError unless there are as many seeds as rows.
DoubleTensor eigen_cam(const engine::Observation& layer);

// The same of g A, g = ds_r/dA, in place of A (pytorch-grad-cam's EigenGradCAM).
DoubleTensor eigen_grad_cam(const engine::Observation& layer);

}  // namespace faultline::heatmap
