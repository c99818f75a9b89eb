#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "attack/attack.h"

namespace faultline::attack {

// An attack as a function of its eps (pixel units), the rest of it being fixed.
using AttackAt = std::function<std::unique_ptr<Attack>(float eps)>;

// Attacks each image with its own eps [N]; [N], in order: what the attack of that eps makes of it alone.
// Images of the same eps share passes, others do not, so few different values are faster. Throws what `make`
// and Attack::run throw, ContractError unless there is one eps an image.
std::vector<AttackedImage> attack_at(const AttackAt& make, std::span<const float> eps, engine::Plan& plan,
                                     const AttackInput& input, const RunControl& control);

}  // namespace faultline::attack
