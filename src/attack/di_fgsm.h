#pragma once

#include "attack/entry.h"

namespace faultline::attack {

// DI-FGSM with momentum (Xie et al. 2019, section 3.3, M-DI2-FGSM): a momentum ascent whose gradients are
// taken, with a probability, through a random ResizePad (momentum_ascent.h). The network's input has one
// size, so that the image is shrunk and padded back to it.
extern const AttackEntry kDiFgsm;

}  // namespace faultline::attack
