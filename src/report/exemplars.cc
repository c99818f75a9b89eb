#include "report/exemplars.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "findings/distraction.h"
#include "findings/selection.h"

namespace faultline::report {

namespace {

using findings::ConditionEvidence;
using findings::ImageEvidence;
using findings::Measured;

struct Ranked {
  double value = 0;
  std::size_t place = 0;
  auto operator<=>(const Ranked&) const = default;
};

// Images whose answer changed, by a measure that they have.
std::vector<Ranked> ranked(const ConditionEvidence& evidence,
                           const std::function<Measured(const ImageEvidence&)>& measure) {
  std::vector<Ranked> list;
  for (std::size_t place = 0; place < evidence.images.size(); ++place) {
    const ImageEvidence& image = evidence.images[place];
    if (!findings::selected(image.attack, findings::Selection::flipped)) continue;
    if (const Measured value = measure(image)) list.push_back({*value, place});
  }
  std::ranges::sort(list);
  return list;
}

Measured strength(const ImageEvidence& image) {
  if (image.attack.critical_eps) return image.attack.critical_eps;
  const findings::KindResponse* adversarial = findings::kind_of(image, findings::kAdversarial);
  if (adversarial == nullptr || adversarial->log_excess.empty()) return std::nullopt;
  // The larger the excess, the easier the image was.
  const Measured excess = adversarial->log_excess.back();
  return excess ? Measured(-*excess) : std::nullopt;
}

class Chosen {
 public:
  void add(std::size_t place, const std::string& reason) { reasons_[place].push_back(reason); }

  // The first and the last of a list.
  void add_ends(const std::vector<Ranked>& list, std::size_t count, const std::string& least,
                const std::string& largest) {
    count = std::min(count, list.size() / 2);
    for (std::size_t i = 0; i < count; ++i) {
      add(list[i].place, least);
      add(list[list.size() - 1 - i].place, largest);
    }
  }

  void add_middle(const std::vector<Ranked>& list, std::size_t count, const std::string& reason) {
    count = std::min(count, list.size());
    const std::size_t first = (list.size() - count) / 2;
    for (std::size_t i = first; i < first + count; ++i) add(list[i].place, reason);
  }

  std::vector<Exemplar> take() {
    std::vector<Exemplar> list;
    for (auto& [place, reasons] : reasons_) list.push_back({place, std::move(reasons)});
    return list;
  }

 private:
  std::map<std::size_t, std::vector<std::string>> reasons_;
};

}  // namespace

std::vector<Exemplar> choose_exemplars(const findings::StoredRun& run, const ConditionEvidence& evidence,
                                       const ExemplarCounts& counts) {
  Chosen chosen;
  const std::vector<Ranked> by_strength = ranked(evidence, strength);
  chosen.add_middle(by_strength, counts.typical, "typical");
  chosen.add_ends(by_strength, counts.extremes, "easiest to flip", "hardest to flip");
  findings::DistractionOptions options;
  options.blocks = findings::late_blocks(run);
  const auto distraction = [&](const ImageEvidence& image) {
    return findings::distraction_beyond(run, image, findings::kGaussian, options.method, options);
  };
  chosen.add_ends(ranked(evidence, distraction), counts.extremes, "attention kept best",
                  "attention drawn away most");
  std::vector<std::pair<std::string, std::size_t>> lots;
  std::size_t unchanged = 0;
  std::size_t undone = 0;
  for (std::size_t place = 0; place < evidence.images.size(); ++place) {
    const store::AttackRow& attack = evidence.images[place].attack;
    if (!attack.made) continue;
    lots.emplace_back(evidence.images[place].id, place);
    if (!attack.success && unchanged++ < counts.failures)
      chosen.add(place, "failure: the answer did not change");
    if (attack.success && !attack.success_rounded && undone++ < counts.failures)
      chosen.add(place, "failure: rounding to 8 bits undoes it");
  }
  std::ranges::sort(lots);
  for (std::size_t i = 0; i < std::min(counts.by_lot, lots.size()); ++i) chosen.add(lots[i].second, "by lot");
  return chosen.take();
}

std::string rule_in_words(const ExemplarCounts& counts) {
  return fmt::format(
      "Chosen by rule, not by hand. Of the images whose answer changed: the {} whose eps* is nearest to "
      "the middle of the order (typical); the {} easiest and the {} hardest to flip by eps*; the {} whose"
      " attention was drawn away most, and the {} where it was kept best, against Gaussian noise. The "
      "first {} whose answer did not change, and the first {} whose change rounding to 8 bits undoes "
      "(failures). Of all attacked images {} by lot, by the hash of their content: these stand for the "
      "set. Where eps* was not looked for, the log excess at the last point takes its place.",
      counts.typical, counts.extremes, counts.extremes, counts.extremes, counts.extremes, counts.failures,
      counts.failures, counts.by_lot);
}

}  // namespace faultline::report
