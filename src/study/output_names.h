#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace faultline::study {

// Names for what is written about each picture: its file name without extension, made safe and unique by
// "-2", "-3", ...
class OutputNames {
 public:
  std::string next(const std::filesystem::path& picture);

 private:
  std::set<std::string> taken_;
};

}  // namespace faultline::study
