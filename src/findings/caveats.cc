#include "findings/caveats.h"

#include <fmt/format.h>

#include <algorithm>

#include "findings/numbers.h"
#include "findings/rules.h"

namespace faultline::findings {
namespace {

bool above_the_bar(const Answer& twin, const CaveatQuestions& questions) {
  if (twin.measures.size() < questions.twin_measures) return false;
  return std::all_of(
      twin.measures.begin(), twin.measures.begin() + static_cast<std::ptrdiff_t>(questions.twin_measures),
      [&](const Measure& of) { return of.estimate && of.estimate->value > questions.twin_bar; });
}

void add_twins(std::vector<std::string>& caveats, const CaveatQuestions& questions) {
  if (!questions.twins || questions.twins->empty()) return;
  const auto above = std::count_if(questions.twins->begin(), questions.twins->end(),
                                   [&](const Answer& twin) { return above_the_bar(twin, questions); });
  if (above == 0) return;
  caveats.push_back(
      fmt::format("{} of {} twins, the same network with random weights, are above {}: the architecture "
                  "alone can produce that.",
                  above, questions.twins->size(), questions.twin_bar));
}

void add_list(std::vector<std::string>& caveats, const ListCounts& list) {
  if (list.misclassified > 0)
    caveats.push_back(fmt::format("Left out: {} that the model got wrong.", images(list.misclassified)));
  if (list.unreadable > 0)
    caveats.push_back(fmt::format("Left out: {} that could not be read.", images(list.unreadable)));
}

}  // namespace

std::vector<std::string> caveats_of(const StoredRun& run, const ConditionFindings& at, const Answer& answer,
                                    const CaveatQuestions& questions) {
  std::vector<std::string> caveats;
  const std::size_t n = answer.measures.empty() ? 0 : answer.measures.front().n;
  if (n > 0 && n < kFewImages) caveats.push_back(fmt::format("Few images: {} count.", n));
  const std::size_t flips = questions.about_flips ? at.flips.stored : at.flips.flipped;
  if (flips < kFewFlips)
    caveats.push_back(fmt::format("Few flips: the attack changed the answer of {}{}.", images(flips),
                                  questions.about_flips ? " so that it survives rounding to 8 bits" : ""));
  if (questions.about_flips && at.flips.rounding > 0)
    caveats.push_back(fmt::format("Left out: {} with different answers before and after rounding to 8 bits.",
                                  images(at.flips.rounding)));
  if (at.flips.at_floor > 0)
    caveats.push_back(fmt::format(
        "For {} of {} the least strength that was tried changes the answer already: their critical strength "
        "may be lower than the one taken here.",
        at.flips.at_floor, images(at.flips.images)));
  if (at.flips.images > at.flips.flipped)
    caveats.push_back(fmt::format("The attack failed on {} of {}; they do not count.",
                                  at.flips.images - at.flips.flipped, images(at.flips.images)));
  if (at.flips.unmatched > 0)
    caveats.push_back(fmt::format(
        "Left out: {} control inputs that could not be matched to the perturbation.", at.flips.unmatched));
  if (questions.about_causes && at.linear.estimate && at.linear.estimate->value > kMostlyLinear)
    caveats.push_back(fmt::format(
        "The effect is linear: in {:.0f} % of the images the answer changes though every gate stays "
        "as in the clean run (n = {}). Where that is so, no block's gates are the place.",
        100 * at.linear.estimate->value, at.linear.n));
  add_twins(caveats, questions);
  add_list(caveats, count_list(run));
  return caveats;
}

}  // namespace faultline::findings
