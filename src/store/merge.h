#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/run_control.h"

namespace faultline::store {

struct MergeOptions {
  // Members of the configurations, outermost, in which the runs may differ.
  std::vector<std::string> ignored_keys = {};
  // Of the new run; if not given, that of the first without the ignored members.
  std::optional<std::string> configuration = {};
  // How many the new run has once all shards are there. If not given, images up to the last that any run has.
  std::optional<std::int64_t> planned_images = {};
};

struct MergeResult {
  std::int64_t images = 0;
  // Whether it is the whole study: every run was finished, and each position of the list is there.
  bool finished = false;
};

// Joins runs over disjoint images of one list into a new run in `folder`: what one run over all of them would
// have stored. The folder is complete or absent, also if the process is killed (then a folder of its name
// with ".partial-" behind it is left). The runs are only read, each as it is at one moment.
// Throws Error{usage} naming both runs if they are of different models, versions or configurations (saying
// what differs), describe the network or the conditions differently, or hold the same image; Error{io} if a
// run cannot be read, or the folder holds something or cannot be made; Error{interrupted}.
MergeResult merge(std::span<const std::filesystem::path> runs, const std::filesystem::path& folder,
                  const MergeOptions& options, const RunControl& control);

}  // namespace faultline::store
