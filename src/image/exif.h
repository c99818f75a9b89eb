#pragma once

#include <string>

namespace faultline::codec {

// The orientation, 1 to 8, that an EXIF block states; 1 if it states none or is damaged.
int exif_orientation(const std::string& exif);

}  // namespace faultline::codec
