#pragma once

#include <string>

#include "base/error.h"

namespace faultline::formats {

// Throws Error{model}: the file is not a model, or contradicts itself.
[[noreturn]] inline void refuse(const std::string& what) {
  throw Error(ErrorKind::model, what);
}

}  // namespace faultline::formats
