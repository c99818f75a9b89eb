#include "cli/settings_file.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"
#include "base/one_line.h"

namespace faultline::cli {

void set_from_file(const std::string& file, const std::function<void(const nlohmann::json&)>& take) {
  try {
    take(nlohmann::json::parse(read_file(file)));
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::usage, one_line(file + ": not JSON: " + error.what()));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) throw;
    throw Error(ErrorKind::usage, one_line(file + ": " + error.what()));
  }
}

}  // namespace faultline::cli
