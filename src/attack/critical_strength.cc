#include "attack/critical_strength.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "attack/input_subset.h"
#include "base/error.h"

namespace faultline::attack {

namespace {

constexpr float kResolution = 1.0F / 16;

void check(const EpsBracket& bracket) {
  if (bracket.least > 0 && bracket.least <= bracket.largest && std::isfinite(bracket.largest)) return;
  throw Error(ErrorKind::usage, "critical strength: got eps from " + std::to_string(bracket.least) + " to " +
                                    std::to_string(bracket.largest) +
                                    ", expected positive ones, the smaller first");
}

// One image's search.
class Search {
 public:
  explicit Search(const EpsBracket& bracket) : bracket_(bracket), next_(bracket.least) {}

  bool is_done() const { return is_done_; }
  float next() const { return next_; }
  const CriticalStrength& result() const { return result_; }

  // What the attack with eps next() made of the image.
  void take(AttackedImage attacked) {
    ++result_.rounds;
    result_.forward_passes += attacked.forward_passes;
    result_.backward_passes += attacked.backward_passes;
    const bool succeeds = attacked.adversarial.success;
    if (attacked.clean.success) {
      result_.eps = 0.0F;
      is_done_ = true;
    } else if (succeeds) {
      result_.eps = next_;
    } else {
      result_.fails_at = next_;
    }
    if (succeeds || !result_.eps) result_.attacked = std::move(attacked);
    if (!is_done_) choose();
  }

 private:
  void choose() {
    if (!result_.eps) {
      is_done_ = next_ >= bracket_.largest;
      next_ = std::min(2 * next_, bracket_.largest);
      return;
    }
    const float eps = *result_.eps;
    is_done_ = result_.fails_at == 0 || eps - result_.fails_at <= kResolution * eps;
    next_ = result_.fails_at + (eps - result_.fails_at) / 2;
  }

  EpsBracket bracket_;
  float next_;
  bool is_done_ = false;
  CriticalStrength result_;
};

}  // namespace

int most_rounds(const EpsBracket& bracket) {
  check(bracket);
  int rounds = 1;
  for (float eps = bracket.least; eps < bracket.largest; eps *= 2) ++rounds;
  // Of an octave from e to 2 e four halvings leave e/16, which is within eps/16.
  return rounds == 1 ? rounds : rounds + 4;
}

std::vector<CriticalStrength> critical_strength(const AttackAt& make, const EpsBracket& bracket,
                                                engine::Plan& plan, const AttackInput& input,
                                                const RunControl& control) {
  check(bracket);
  std::vector<Search> searches(static_cast<std::size_t>(input.images.shape()[0]), Search(bracket));
  std::vector<int> open(searches.size());
  for (std::size_t i = 0; i < open.size(); ++i) open[i] = static_cast<int>(i);
  while (!open.empty()) {
    const auto total = static_cast<std::int64_t>(searches.size());
    control.report({total - static_cast<std::int64_t>(open.size()), total, "critical strength"});
    control.checkpoint();
    std::vector<float> eps;
    for (const int image : open) eps.push_back(searches[static_cast<std::size_t>(image)].next());
    const InputSubset subset(input, open);
    std::vector<AttackedImage> attacked =
        attack_at(make, eps, plan, subset.input(), control.without_progress());
    for (std::size_t k = 0; k < open.size(); ++k) {
      searches[static_cast<std::size_t>(open[k])].take(std::move(attacked[k]));
    }
    std::erase_if(open, [&](int image) { return searches[static_cast<std::size_t>(image)].is_done(); });
  }
  std::vector<CriticalStrength> results;
  for (const Search& search : searches) results.push_back(search.result());
  return results;
}

}  // namespace faultline::attack
