#pragma once

#include <string_view>
#include <vector>

namespace faultline::study {

// Which tests of causes are made (method.md, section 6).
struct CauseOptions {
  bool gates = true;      // the gates game, its shares and sets
  bool dose = true;       // the critical dose of the adversarial deviation, layer by layer
  bool direction = true;  // that of other deviations; needs the dose
  bool subset = true;     // the fewest channels that flip
  bool restore = true;    // the fewest that restore
  bool branches = true;   // whole blocks and single edges, where paths branch
  bool fine = false;      // finer grids, exact counts, 8 random orders: about 6 times the passes

  bool any() const { return gates || any_layer() || branches; }
  bool any_layer() const { return dose || direction || subset || restore; }
};

// The names that choose them: "gates", "dose", ...
std::vector<std::string_view> cause_names();
// "all", "none" or a list of names with commas. Throws Error{usage} listing the names.
CauseOptions parse_causes(std::string_view text);

}  // namespace faultline::study
