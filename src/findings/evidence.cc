#include "findings/evidence.h"

namespace faultline::findings {

const KindResponse* kind_of(const ImageEvidence& image, std::string_view kind) {
  const auto found = image.kinds.find(kind);
  return found == image.kinds.end() ? nullptr : &found->second;
}

std::set<std::string> methods_in(const ConditionEvidence& evidence) {
  std::set<std::string> methods;
  for (const ImageEvidence& image : evidence.images) {
    for (const auto& [kind, response] : image.kinds) {
      for (const auto& [method, maps] : response.maps) methods.insert(method);
    }
  }
  return methods;
}

std::set<std::string> kinds_in(const ConditionEvidence& evidence) {
  std::set<std::string> kinds;
  for (const ImageEvidence& image : evidence.images) {
    for (const auto& [kind, response] : image.kinds) {
      if (response.role != "clean") kinds.insert(kind);
    }
  }
  return kinds;
}

}  // namespace faultline::findings
