#pragma once

#include <string>

#include "formats/load_model.h"

namespace faultline::cli {

// A class as a user names it: its index, or its label (exactly, or the one label that contains the text, in
// any case). Throws Error{usage} naming the option and text: out of range, unknown, or ambiguous with the
// labels that fit.
int parse_class(const std::string& option, const std::string& text, const formats::Model& model);

}  // namespace faultline::cli
