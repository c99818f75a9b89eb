#include "causal/level_search.h"

#include "base/error.h"

namespace faultline::causal {

std::optional<std::size_t> first_deciding_level(std::size_t count,
                                                const std::function<bool(std::size_t level)>& decides) {
  require(count > 0, "first_deciding_level: no levels");
  if (!decides(count - 1)) return std::nullopt;
  std::size_t below = 0;  // levels under it do not decide
  std::size_t enough = count - 1;
  while (below < enough) {
    const std::size_t middle = below + (enough - below) / 2;
    if (decides(middle)) {
      enough = middle;
    } else {
      below = middle + 1;
    }
  }
  return enough;
}

}  // namespace faultline::causal
