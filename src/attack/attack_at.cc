#include "attack/attack_at.h"

#include <map>

#include "attack/input_subset.h"
#include "base/error.h"

namespace faultline::attack {

std::vector<AttackedImage> attack_at(const AttackAt& make, std::span<const float> eps, engine::Plan& plan,
                                     const AttackInput& input, const RunControl& control) {
  require(static_cast<std::int64_t>(eps.size()) == input.images.shape()[0], "attack_at: one eps an image");
  std::map<float, std::vector<int>> groups;
  for (std::size_t i = 0; i < eps.size(); ++i) groups[eps[i]].push_back(static_cast<int>(i));
  std::vector<AttackedImage> results(eps.size());
  for (const auto& [value, images] : groups) {
    const InputSubset subset(input, images);
    std::vector<AttackedImage> found = make(value)->run(plan, subset.input(), control);
    for (std::size_t k = 0; k < images.size(); ++k) {
      results[static_cast<std::size_t>(images[k])] = std::move(found[k]);
    }
  }
  return results;
}

}  // namespace faultline::attack
