#include "findings/selection.h"

namespace faultline::findings {

bool selected(const store::AttackRow& attack, Selection selection) {
  switch (selection) {
    case Selection::made:
      return attack.made;
    case Selection::flipped:
      return attack.made && attack.success;
    case Selection::stored:
      break;
  }
  return attack.made && attack.success && attack.success_rounded;
}

std::vector<const ImageEvidence*> select(const ConditionEvidence& evidence, Selection selection) {
  std::vector<const ImageEvidence*> images;
  for (const ImageEvidence& image : evidence.images) {
    if (selected(image.attack, selection)) images.push_back(&image);
  }
  return images;
}

}  // namespace faultline::findings
