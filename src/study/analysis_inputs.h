#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "causal/margin_classes.h"
#include "study/analysis.h"

namespace faultline::study {

// Of an analysis's inputs the first draw of a kind, if it was made and could be matched.
std::optional<std::size_t> first_draw(const Analysis& analysis, std::string_view kind);

// The classes that the margin is between.
causal::MarginClasses margin_classes(const Analysis& analysis);

}  // namespace faultline::study
