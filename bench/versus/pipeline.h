#pragma once

#include <filesystem>
#include <string>

#include "versus/subject.h"

namespace faultline::bench {

// What `faultline analyze` takes for 10 and for more pictures, from its start to the report, beside the
// analyses alone: of pictures that are decoded already, with nothing written. With its peak memory; as
// markdown.
//   program: the faultline to run. Throws Error{io} if it fails.
std::string measure_pipeline(const Subject& subject, const std::filesystem::path& program, int pictures);

}  // namespace faultline::bench
