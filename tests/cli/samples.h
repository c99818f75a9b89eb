#pragma once

#include <filesystem>
#include <string>

#include "tensor/tensor.h"

namespace faultline::test {

// Paths of the networks and photographs that come with faultline.
std::string embedded_model(const std::string& name);    // "squeezenet1.0"
std::string embedded_picture(const std::string& name);  // "imagenette/1484479b7630af0a.jpg"

// A VGG-11 for 32 pixels at a sixteenth of its width, with ten classes and random weights, made once by
// `faultline new-model`; its manifest lies beside it.
const std::filesystem::path& tiny_model();

// Writes a PNG of 48 x 40 pixels with smooth colours that depend on `variant`.
void write_picture(const std::filesystem::path& file, int variant = 0);

// Every regular file below a folder, relative to it, sorted; none if there is no such folder. A program may
// make, rename and remove files there meanwhile: then those that are found are listed.
std::vector<std::string> files_below(const std::filesystem::path& folder);

// Expects of the results of a run that ended early that every picture and array can be read whole, that no
// file is a temporary one, and that none says that the run was complete.
void expect_nothing_looks_complete(const std::filesystem::path& folder);

}  // namespace faultline::test
