#include "report/block_groups.h"

namespace faultline::report {

std::vector<ColumnGroup> block_groups(const net::NetworkMap& map, std::span<const int> blocks, int offset) {
  std::vector<ColumnGroup> groups;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (i > 0 && blocks[i] == blocks[i - 1]) {
      ++groups.back().count;
    } else {
      groups.push_back({map.blocks[static_cast<std::size_t>(blocks[i])], static_cast<int>(i) + offset, 1});
    }
  }
  return groups;
}

}  // namespace faultline::report
