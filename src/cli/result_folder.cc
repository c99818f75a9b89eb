#include "cli/result_folder.h"

#include "base/error.h"
#include "base/files.h"

namespace faultline::cli {

void prepare_result_folder(const std::filesystem::path& folder, std::initializer_list<const char*> files) {
  make_folder(folder);
  for (const char* name : files) {
    std::error_code code;
    std::filesystem::remove(folder / name, code);
    if (code) throw Error(ErrorKind::io, "cannot remove " + (folder / name).string() + ": " + code.message());
  }
}

}  // namespace faultline::cli
