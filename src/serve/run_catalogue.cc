#include "serve/run_catalogue.h"

#include "base/error.h"

namespace faultline::serve {

namespace fs = std::filesystem;

namespace {

// Not by a link, neither to a folder nor to a store: what is served lies in the folder that was named.
bool is_run(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(fs::symlink_status(folder, ignored)) &&
         fs::is_regular_file(fs::symlink_status(folder / "run.sqlite", ignored));
}

}  // namespace

RunCatalogue::RunCatalogue(fs::path folder) : folder_(std::move(folder)) {
  std::error_code problem;
  if (!fs::is_directory(folder_, problem)) {
    throw Error(ErrorKind::io, "cannot serve " + folder_.string() +
                                   ": expected a run's folder, or a folder of such folders");
  }
  // The folder itself may be named by a link.
  folder_ = fs::canonical(folder_);
  if (is_run(folder_)) one_ = std::make_shared<ServedRun>(folder_);
}

void RunCatalogue::look() {
  std::map<std::string, std::shared_ptr<ServedRun>> found;
  std::error_code problem;
  for (fs::directory_iterator at(folder_, problem), end; !problem && at != end; at.increment(problem)) {
    if (!is_run(at->path())) continue;
    const std::string name = at->path().filename().string();
    const auto known = runs_.find(name);
    found[name] = known != runs_.end() ? known->second : std::make_shared<ServedRun>(at->path());
  }
  runs_ = std::move(found);
}

void RunCatalogue::touch(const std::string& name) {
  std::erase(last_, name);
  last_.push_back(name);
  if (last_.size() <= kKept) return;
  const auto oldest = runs_.find(last_.front());
  if (oldest != runs_.end()) oldest->second->forget_payload();
  last_.erase(last_.begin());
}

std::shared_ptr<ServedRun> RunCatalogue::find(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (!runs_.contains(name)) look();
  const auto found = runs_.find(name);
  if (found == runs_.end() || !is_run(found->second->folder())) return nullptr;
  touch(name);
  return found->second;
}

std::vector<std::pair<std::string, std::shared_ptr<ServedRun>>> RunCatalogue::list() {
  const std::lock_guard lock(mutex_);
  look();
  return {runs_.begin(), runs_.end()};
}

}  // namespace faultline::serve
