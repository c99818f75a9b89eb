#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "store/store.h"

namespace faultline::store {

// A run that is open, and where.
struct OpenRun {
  std::filesystem::path folder;
  Store store;
};

// Throws Error{usage} naming both runs and what differs unless the two are parts of one study: of the same
// model, made by the same version, configured alike but for the ignored members, with equal tables of
// networks, blocks, layers, points, segments and conditions.
void expect_same_study(const OpenRun& first, const OpenRun& other, std::span<const std::string> ignored_keys);

}  // namespace faultline::store
