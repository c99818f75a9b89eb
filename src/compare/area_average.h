#pragma once

#include "tensor/tensor.h"

namespace faultline::compare {

// A map [h,w] on a coarser grid [min(h, largest), min(w, largest)]: each new cell is the integral of the map,
// constant within its cells, over its equal share of the area, divided by that area. Ratios of the cells'
// masses are kept exactly: the mean of the map does not change. Throws ContractError unless largest >= 1.
DoubleTensor area_average(DoubleTensorView map, std::int64_t largest);

}  // namespace faultline::compare
