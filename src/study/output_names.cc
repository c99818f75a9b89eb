#include "study/output_names.h"

#include "base/files.h"

namespace faultline::study {

std::string OutputNames::next(const std::filesystem::path& picture) {
  const std::string stem = escape_file_name(picture.stem().string());
  std::string name = stem;
  for (int n = 2; !taken_.insert(name).second; ++n) name = stem + "-" + std::to_string(n);
  return name;
}

}  // namespace faultline::study
