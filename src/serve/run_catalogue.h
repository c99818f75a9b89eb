#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "serve/served_run.h"

namespace faultline::serve {

// The runs that are served: the folder itself if it is a run, or those of its sub-folders that are. A run is
// found by its name in the list that the server made, never by a path that a client gave. Payloads are kept
// of the kKept runs that were asked for last.
class RunCatalogue {
 public:
  // Throws Error{io} if there is no such folder.
  explicit RunCatalogue(std::filesystem::path folder);

  // Whether the folder itself is a run.
  bool is_one() const { return one_ != nullptr; }
  // The run itself; or the sub-folder of that name. Null if there is none.
  std::shared_ptr<ServedRun> one() const { return one_; }
  std::shared_ptr<ServedRun> find(const std::string& name);
  // Name and run, sorted, as the folder is now.
  std::vector<std::pair<std::string, std::shared_ptr<ServedRun>>> list();

 private:
  static constexpr std::size_t kKept = 4;

  void look();
  void touch(const std::string& name);

  std::filesystem::path folder_;
  std::shared_ptr<ServedRun> one_ = {};
  std::mutex mutex_ = {};
  std::map<std::string, std::shared_ptr<ServedRun>> runs_ = {};
  std::vector<std::string> last_ = {};  // names, the last one at the end
};

}  // namespace faultline::serve
