#include "store/merge.h"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "store/differences.h"
#include "store/same_study.h"
#include "store/store.h"
#include "store/tables.h"

namespace faultline::store {

namespace fs = std::filesystem;

namespace {

template <class Row>
inline constexpr bool kOfAnImage = requires {
  &Row::image;
};

// A folder under another name until it is complete; without keep() nothing is left of it.
class PartialFolder {
 public:
  explicit PartialFolder(const fs::path& folder)
      // "run/" is "run".
      : folder_(folder.has_filename() ? folder : folder.parent_path()), partial_(folder_) {
    partial_ += ".partial-" + std::to_string(::getpid());
    std::error_code ignored;
    if (fs::exists(folder_, ignored) &&
        !(fs::is_directory(folder_, ignored) && fs::is_empty(folder_, ignored))) {
      throw Error(ErrorKind::io, folder_.string() + " exists already; expected a new or an empty folder");
    }
    fs::remove_all(partial_, ignored);
  }
  PartialFolder(const PartialFolder&) = delete;
  PartialFolder& operator=(const PartialFolder&) = delete;
  ~PartialFolder() {
    std::error_code ignored;
    fs::remove_all(partial_, ignored);
  }

  const fs::path& path() const { return partial_; }
  void keep() {
    std::error_code code;
    fs::rename(partial_, folder_, code);
    if (code) throw Error(ErrorKind::io, "cannot make " + folder_.string() + ": " + code.message());
  }

 private:
  fs::path folder_;
  fs::path partial_;
};

std::vector<OpenRun> open_all(std::span<const fs::path> folders, const MergeOptions& options) {
  std::vector<OpenRun> runs;
  for (const fs::path& folder : folders) {
    runs.push_back({folder, Store::open(folder, Access::read)});
    runs.back().store.begin();
    expect_same_study(runs.front(), runs.back(), options.ignored_keys);
  }
  return runs;
}

// Which run has the rows of an image, in the order of the images.
using Owners = std::map<std::int64_t, const OpenRun*>;

template <class Row>
void add_owners(const OpenRun& run, Owners& owners) {
  run.store.for_each<Row>([&](const Row& row) {
    const OpenRun* owner = owners.emplace(row.image, &run).first->second;
    if (owner == &run) return;
    throw Error(ErrorKind::usage, "image " + std::to_string(row.image) + " is in both " +
                                      owner->folder.string() + " and " + run.folder.string());
  });
}

Owners owners_of(const std::vector<OpenRun>& runs) {
  Owners owners;
  for (const OpenRun& run : runs) {
    add_owners<ImageRow>(run, owners);
    add_owners<TwinImageRow>(run, owners);
  }
  return owners;
}

void copy_description(const Store& from, Store& to) {
  to.begin();
  AllRows::for_each([&]<class Row>() {
    if constexpr (!kOfAnImage<Row> && !std::is_same_v<Row, RunRow>) to.insert<Row>(from.read<Row>());
  });
  to.commit();
}

void copy_image(std::int64_t image, const Store& from, Store& to) {
  to.begin();
  AllRows::for_each([&]<class Row>() {
    if constexpr (kOfAnImage<Row>) to.insert<Row>(from.read<Row>("image = ?", std::span(&image, 1)));
  });
  to.commit();
}

RunRow joined_run(const RunRow& first, const Owners& owners, const MergeOptions& options) {
  RunRow run = first;
  run.configuration = options.configuration ? *options.configuration
                                            : without_keys(first.configuration, options.ignored_keys);
  run.planned_images = options.planned_images.value_or(owners.empty() ? 0 : owners.rbegin()->first + 1);
  run.finished = false;
  return run;
}

bool is_whole(const std::vector<OpenRun>& runs, const Store& joined) {
  std::int64_t next = 0;
  bool gap = false;
  joined.for_each<ImageRow>([&](const ImageRow& row) { gap = gap || row.image != next++; });
  return !gap && next == joined.run().planned_images &&
         std::all_of(runs.begin(), runs.end(), [](const OpenRun& run) { return run.store.run().finished; });
}

}  // namespace

MergeResult merge(std::span<const fs::path> folders, const fs::path& folder, const MergeOptions& options,
                  const RunControl& control) {
  require(!folders.empty(), "merge: no runs");
  const std::vector<OpenRun> runs = open_all(folders, options);
  const Owners owners = owners_of(runs);
  PartialFolder partial(folder);
  MergeResult result;
  {
    Store joined = Store::create(partial.path(), joined_run(runs.front().store.run(), owners, options));
    copy_description(runs.front().store, joined);
    for (const auto& [image, run] : owners) {
      control.checkpoint();
      copy_image(image, run->store, joined);
      control.report({++result.images, std::ssize(owners), "images"});
    }
    result.finished = is_whole(runs, joined);
    if (result.finished) joined.set_finished();
  }
  partial.keep();
  return result;
}

}  // namespace faultline::store
