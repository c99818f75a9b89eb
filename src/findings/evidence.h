#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "findings/measure.h"
#include "store/rows.h"

namespace faultline::findings {

// What is left of a condition's rows after averaging over the draws of a control: a few kilobytes an image.
// Inputs that are not matched are nowhere in it but in a count.

// Heatmaps of an image's inputs of one kind at one layer.
struct MapResponse {
  std::size_t inputs = 0;
  std::size_t blank = 0;      // of them
  bool first_blank = false;   // of the first draw
  Measured distraction = {};  // mean over those that have it
  Measured
      distraction_blank_one;  // the same with blank maps counted as 1; missing where the clean one is blank
};

// The responses to an image's inputs of one kind.
struct KindResponse {
  std::string role = {};
  std::size_t inputs = 0;
  std::size_t kept_class = 0;               // of them
  std::vector<Measured> log_excess = {};    // [points]; means over draws, as the next
  std::vector<Measured> step = {};          // [points]
  std::vector<Measured> alignment = {};     // [points]
  std::vector<Measured> contribution = {};  // [segments]
  std::map<std::string, std::vector<MapResponse>, std::less<>> maps;  // by method: [layers]
  std::vector<Measured>
      shares;  // [1 + blocks] Shapley shares of the margin's change: the input, gates of blocks
};

// The smallest sets of blocks that decide.
struct SmallestSets {
  Measured size = {};                    // missing: none does
  std::vector<std::uint64_t> sets = {};  // all of that size, bit b: block b
};

struct ImageEvidence {
  std::int64_t image = 0;
  std::string id = {};
  store::AttackRow attack = {};
  std::map<std::string, KindResponse, std::less<>> kinds;  // by InputRow.kind
  // [points] of each harmless input that kept the class.
  std::vector<std::vector<Measured>> harmless_steps = {};
  std::vector<Measured> deviating_p = {};                 // [points] of the adversarial input (deviating.h)
  std::map<std::string, SmallestSets, std::less<>> sets;  // by GateSetRow.question, of the adversarial input
  std::size_t unmatched = 0;                              // inputs that count nowhere
};

// A dose, share, factor or strength that may be beyond what was tried.
struct Censored {
  Measured value = {};   // missing: more than the limit
  Measured limit = {};   // the largest that was tried, where that is known
  bool at_most = false;  // the least that was tried: it may be less than the value
};

// Which interventions are alike.
struct InterventionKey {
  std::string kind = {};
  std::string source = {};
  std::int64_t point = 0;
  auto operator<=>(const InterventionKey&) const = default;
};

struct InterventionValues {
  std::vector<Censored> values = {};       // one an image
  std::vector<double> square_shares = {};  // of the images that have one
};

// Exchanges of whole activations or of single edges that are alike.
struct SubstitutionKey {
  std::string kind = {};
  std::string target = {};
  std::string direction = {};
  auto operator<=>(const SubstitutionKey&) const = default;
};

struct SubstitutionCount {
  std::size_t images = 0;
  std::size_t decides = 0;
};

enum class DetectionInput { clean, adversarial, gaussian };

struct DetectionValue {
  std::int64_t image = 0;
  DetectionInput input = DetectionInput::clean;
  std::int64_t draw = 0;
  double value = 0;
};

struct DetectionKey {
  std::string quantity = {};
  std::int64_t point = 0;
  auto operator<=>(const DetectionKey&) const = default;
};

struct IdentityWorst {
  std::size_t checks = 0;
  std::size_t failures = 0;  // above their tolerance
  double worst = 0;          // error
  double tolerance = 0;      // of that one
};

// A condition's images, ascending, and what was counted over them. Interventions, substitutions: of images
// whose flip survives rounding (selection.h).
struct ConditionEvidence {
  store::ConditionRow condition = {};
  std::vector<ImageEvidence> images = {};
  std::map<InterventionKey, InterventionValues> interventions;
  std::map<SubstitutionKey, SubstitutionCount> substitutions;
  std::map<DetectionKey, std::vector<DetectionValue>> detection;
  std::map<std::string, IdentityWorst> identities;
};

// The evidence of an image's inputs of a kind; null where there is none.
const KindResponse* kind_of(const ImageEvidence& image, std::string_view kind);

// Which heatmap methods, or kinds of inputs other than the clean one, any image has; ascending.
std::set<std::string> methods_in(const ConditionEvidence& evidence);
std::set<std::string> kinds_in(const ConditionEvidence& evidence);

inline constexpr std::string_view kAdversarial = "adversarial";
inline constexpr std::string_view kGaussian = "gaussian";

}  // namespace faultline::findings
