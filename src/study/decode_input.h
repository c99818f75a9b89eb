#pragma once

#include <string>
#include <string_view>

#include "image/decode.h"
#include "study/input_image.h"

namespace faultline::study {

// load_input() of a file's content, which errors call `name`. Throws Error{image} also where a picture is
// larger than the options let it be.
InputImage decode_input(std::string_view bytes, const std::string& name, const formats::Manifest& manifest,
                        const DecodeOptions& options = {});

}  // namespace faultline::study
