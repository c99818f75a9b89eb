#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace faultline::cli {

// Hands what a JSON file of parameters holds to `take`. Throws Error{usage} naming the file if it is no JSON,
// or if `take` throws one; Error{io} for a file that cannot be read.
void set_from_file(const std::string& file, const std::function<void(const nlohmann::json&)>& take);

}  // namespace faultline::cli
