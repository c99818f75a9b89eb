#pragma once

#include <string_view>

namespace faultline::findings {

// In which half of the images an image is, 0 or 1: a hash of its id, so that it does not depend on which
// other images a run has. Copies of one file (ids that differ behind '#') are in the same half.
int half_of(std::string_view image_id);

}  // namespace faultline::findings
