#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "attack/attack.h"
#include "tensor/tensor.h"

namespace faultline::bench {

// Compares this process's answers with those that the worker saved. Each returns what it found in words and
// throws Error{model} if the answers are not the same to round-off: nothing is timed whose answer is wrong.

// maps [layer] of [N,h,w], classes [N] of the images. Agree if the classes are equal and every map differs by
// no more than 1e-2 of its L2 norm. (That is more than round-off: where two values of a pooling window tie
// but for round-off, the gradient takes another way. PyTorch's two memory formats differ as much.)
std::string compare_maps(std::span<const DoubleTensor> maps, std::span<const int> classes,
                         const std::filesystem::path& folder);

// Agree if the classes after the attack are equal, the losses within 5 %, and at least `share` of all pixel
// values by less than 1e-6. A step goes by the gradient's sign, so that where that is below round-off two
// ways to compute it step apart, and the points of later steps with them: a first step can be compared value
// by value, the tenth by what it reaches.
std::string compare_attacks(std::span<const attack::AttackedImage> attacked, double share,
                            const std::filesystem::path& folder);

}  // namespace faultline::bench
