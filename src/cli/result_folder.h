#pragma once

#include <filesystem>
#include <initializer_list>

namespace faultline::cli {

// Makes a folder for results, and removes the files that say an earlier run in it was complete: a run that
// ends early must not leave them beside results of its own. Throws Error{io} naming what cannot be made or
// removed.
void prepare_result_folder(const std::filesystem::path& folder, std::initializer_list<const char*> files);

}  // namespace faultline::cli
