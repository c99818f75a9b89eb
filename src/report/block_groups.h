#pragma once

#include <span>
#include <vector>

#include "image/grid_figure.h"
#include "net/points.h"

namespace faultline::report {

// The blocks that consecutive columns belong to. blocks: each column's block; offset: columns before the
// first.
std::vector<ColumnGroup> block_groups(const net::NetworkMap& map, std::span<const int> blocks, int offset);

}  // namespace faultline::report
