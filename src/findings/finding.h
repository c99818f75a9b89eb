#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "findings/answer.h"

namespace faultline::findings {

// One way of asking a finding's question.
struct Variant {
  std::string what;  // in which it differs from the primary one
  Answer answer;
};

// A finding (docs/method.md, "Findings"): its primary measure's verdict, and how far that holds when asked in
// other ways, one change at a time.
struct Finding {
  std::string id;  // "F1a"
  std::string claim;
  std::string condition;  // of the primary answer
  Answer answer;
  std::vector<Variant> variants;  // without the primary one
  std::size_t speaking = 0;       // variants that say something
  std::size_t agreeing = 0;       // of them, with the primary verdict
  std::string words;              // the verdict and its numbers, for a person
  std::vector<std::string> caveats;
};

}  // namespace faultline::findings
