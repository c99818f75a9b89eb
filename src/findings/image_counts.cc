#include "findings/image_counts.h"

#include "findings/selection.h"

namespace faultline::findings {

ListCounts count_list(const StoredRun& run) {
  ListCounts counts{.planned = static_cast<std::size_t>(run.run.planned_images), .listed = run.images.size()};
  for (const store::ImageRow& image : run.images) {
    if (image.status == "studied") ++counts.studied;
    if (image.status == "misclassified") ++counts.misclassified;
    if (image.status == "unreadable") ++counts.unreadable;
  }
  return counts;
}

bool least_eps_suffices(const store::AttackRow& attack) {
  return attack.critical_eps && attack.critical_fails_at == 0.0;
}

FlipCounts count_flips(const ConditionEvidence& evidence) {
  FlipCounts counts{.images = evidence.images.size()};
  for (const ImageEvidence& image : evidence.images) {
    if (selected(image.attack, Selection::made)) ++counts.made;
    if (selected(image.attack, Selection::flipped)) ++counts.flipped;
    if (selected(image.attack, Selection::stored)) ++counts.stored;
    if (image.attack.made && image.attack.success != image.attack.success_rounded) ++counts.rounding;
    counts.unmatched += image.unmatched;
    if (least_eps_suffices(image.attack)) ++counts.at_floor;
  }
  return counts;
}

}  // namespace faultline::findings
