#include "findings/halves.h"

#include <string>

#include "base/sha256.h"

namespace faultline::findings {

int half_of(std::string_view image_id) {
  const std::string_view file = image_id.substr(0, image_id.find('#'));
  return sha256("half/" + std::string(file))[0] & 1;
}

}  // namespace faultline::findings
