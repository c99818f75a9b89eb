#include "serve/run_stamp.h"

#include <sys/stat.h>

namespace faultline::serve {

RunStamp run_stamp(const std::filesystem::path& folder) {
  RunStamp stamp{};
  const std::string file = (folder / "run.sqlite").string();
  struct stat of {};
  const auto changed = [&] { return of.st_mtim.tv_sec * 1'000'000'000 + of.st_mtim.tv_nsec; };
  if (stat(file.c_str(), &of) != 0) return stamp;
  stamp[0] = static_cast<std::int64_t>(of.st_dev);
  stamp[1] = static_cast<std::int64_t>(of.st_ino);
  stamp[2] = of.st_size;
  stamp[3] = changed();
  if (stat((file + "-wal").c_str(), &of) == 0) {
    stamp[4] = of.st_size;
    stamp[5] = changed();
  }
  return stamp;
}

}  // namespace faultline::serve
