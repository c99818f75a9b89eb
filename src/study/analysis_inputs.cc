#include "study/analysis_inputs.h"

namespace faultline::study {

std::optional<std::size_t> first_draw(const Analysis& analysis, std::string_view kind) {
  for (std::size_t i = 0; i < analysis.inputs.size(); ++i) {
    const InputRecord& input = analysis.inputs[i];
    if (input.kind == kind && input.draw == 0 && input.matched) return i;
  }
  return std::nullopt;
}

causal::MarginClasses margin_classes(const Analysis& analysis) {
  return {.clean = analysis.response.classes.clean_class, .other = analysis.response.classes.other_class};
}

}  // namespace faultline::study
