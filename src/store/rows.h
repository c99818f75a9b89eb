#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace faultline::store {

// What a study stores: one struct a table (tables.h), one object a row. Numbers that may be missing are
// optional, in the file NULL. Perturbation sizes are in pixel units, [0,1] from black to white.
//
// A *condition* is how images are perturbed: an attack, and at which strength. An *input* of an image under a
// condition is 0 the clean image, 1 the perturbed one, and from 2 on each draw of each control.

// ---- what the run is -------------------------------------------------------------------------------------

// The one row of the run.
struct RunRow {
  std::int64_t schema_version = 0;
  std::string program_version = {};
  std::string model_file = {};
  std::string model_sha256 = {};
  std::string configuration = {};  // JSON object: everything that numbers depend on beside the images
  std::string created = {};        // ISO 8601, UTC
  std::int64_t planned_images = 0;
  bool finished = false;  // whether all images of the list are in the store
};

// What is studied: the model, and twins of it.
struct NetworkRow {
  std::int64_t network = 0;               // 0 the model
  std::string name = {};                  // "model", "twin-1", ...
  std::optional<std::int64_t> seed = {};  // of a twin's weights
};

// What the network tells apart, if its manifest names it.
struct ClassRow {
  std::int64_t number = 0;  // index of its logit
  std::string label = {};
};

struct BlockRow {
  std::int64_t block = 0;
  std::string name = {};
};

// Where heatmaps live.
struct LayerRow {
  std::int64_t layer = 0;
  std::string name = {};
  std::int64_t block = 0;
};

// Where deviations live.
struct PointRow {
  std::int64_t point = 0;
  std::string name = {};
  std::string kind = {};  // "input", "layer", "pooling", "dense", "logits"
  std::int64_t block = 0;
  std::optional<std::int64_t> layer = {};  // that has its value
  std::string predecessors = {};           // JSON array of points
};

// A part of the network between values, whose non-linearities contribute to the margin's change.
struct SegmentRow {
  std::int64_t segment = 0;
  std::string name = {};                   // of the nodes where it ends
  std::optional<std::int64_t> point = {};  // that ends it
};

struct ConditionRow {
  std::int64_t condition = 0;
  std::int64_t network = 0;
  std::string name = {};           // "pgd at eps*", "pgd at 2/255"; of a twin with " (twin-1)"
  std::int64_t attack_number = 0;  // of the study's attacks, from 0: the same at all strengths of an attack
  std::string attack = {};         // name; "given" for perturbed inputs made elsewhere
  std::string settings = {};       // JSON object of the attack's parameters
  std::string regime = {};         // "critical", "double" (twice the critical strength), "fixed", "given"
  std::optional<double> eps = {};  // of "fixed"
};

// ---- images ----------------------------------------------------------------------------------------------

// One image of the list. It is in the store if and only if all that was measured of it is.
struct ImageRow {
  std::int64_t image = 0;   // its position in the list, after a limit and before a shard is taken
  std::string id = {};      // SHA-256 of the file and, from the second copy of a file on, "#2", ...
  std::string file = {};    // as listed
  std::string status = {};  // "studied", "misclassified" (left out), "unreadable"
  std::string reason = {};  // of "unreadable"; else empty
  std::int64_t width = 0;   // as decoded; 0 if unreadable
  std::int64_t height = 0;
  std::optional<std::int64_t> true_class = {};
  std::optional<std::int64_t> predicted_class = {};  // by the model, of the clean image
  std::optional<double> probability = {};            // of that class
};

// One image of a twin's part of the study. It is in the store if and only if all that was measured of it is.
struct TwinImageRow {
  std::int64_t network = 0;  // 1, ...
  std::int64_t image = 0;
  std::int64_t predicted_class = 0;  // by the twin, of the clean image; -1 if it could not be read
  double probability = 0;            // of that class
};

// What the attack of a condition did to an image.
struct AttackRow {
  std::int64_t image = 0;
  std::int64_t condition = 0;
  std::int64_t clean_class = 0;                  // c
  std::optional<std::int64_t> other_class = {};  // t; missing where nothing was made
  std::optional<double> eps = {};                // that it was made with; missing for attacks that take none
  std::optional<double> critical_eps = {};       // of regimes "critical" and "double"; missing if censored
  std::optional<double> critical_fails_at = {};  // of the same; critical_eps is above
  bool made = false;             // whether there is a perturbed input: not where eps* is censored
  bool success = false;          // whether the answer changed
  bool success_rounded = false;  // the same of the input rounded to 8 bits
  double linf = 0;
  double l2 = 0;
  std::int64_t forward_passes = 0;
  std::int64_t backward_passes = 0;
};

struct InputRow {
  std::int64_t image = 0;
  std::int64_t condition = 0;
  std::int64_t input = 0;
  std::string kind = {};  // "clean", "adversarial", or the control's name
  std::int64_t draw = 0;
  std::string role = {};  // "clean", "adversarial", "gaussian", "harmless", "other"
  bool matched = true;    // whether a control is what it is to be; if not it counts nowhere
  std::int64_t predicted_class = 0;
  double probability = 0;              // of the predicted class
  double clean_class_probability = 0;  // of c
  double margin = 0;                   // m = z_c - z_t
  double l2 = 0;                       // of the perturbation, as the next
  double linf = 0;
  double mean = 0;  // over all channels and positions
  double std = 0;
};

// ---- responses -------------------------------------------------------------------------------------------

// How a point responds to an input other than the clean one.
struct PointResponseRow {
  std::int64_t image = 0;
  std::int64_t condition = 0;
  std::int64_t input = 0;
  std::int64_t point = 0;
  std::optional<double> deviation = {};   // |A' - A| / |A|
  std::optional<double> log_excess = {};  // ln deviation - mean over gaussian draws
  std::optional<double> step = {};        // log excess - that of the preceding point
  double pull = 0;                        // change of the margin if all behind the point were linear
  std::optional<double> alignment = {};   // cosine of A' - A with -dm/dA
};

// Of a point and the clean image.
struct PointScaleRow {
  std::int64_t image = 0;
  std::int64_t condition = 0;
  std::int64_t point = 0;
  double clean_norm = 0;                      // |A|
  std::optional<double> reach = {};           // first-order distance to the boundary
  std::optional<double> relative_reach = {};  // reach / |A|
};

// The exact contribution of a segment's non-linearities to the change of the margin.
struct ContributionRow {
  std::int64_t image = 0;
  std::int64_t condition = 0;
  std::int64_t input = 0;
  std::int64_t segment = 0;
  double contribution = 0;
};

// An input's heatmap at a layer. Distances are from the clean input's, missing there and where either map is
// blank or the distance was not asked for.
struct HeatmapResponseRow {
  std::int64_t image = 0;
  std::int64_t condition = 0;
  std::int64_t input = 0;
  std::int64_t layer = 0;
  std::string method = {};
  bool blank = false;
  std::optional<double> entropy = {};
  std::optional<double> gini = {};
  std::optional<double> half_mass = {};
  std::optional<double> distraction = {};
  std::optional<double> cosine = {};
  std::optional<double> iou = {};
  std::optional<double> centre_shift = {};
  std::optional<double> mse = {};
  std::optional<double> pearson = {};
  std::optional<double> spearman = {};
  std::optional<double> ssim = {};
  std::optional<double> jensen_shannon = {};
  std::optional<double> earth_mover = {};
};

// ---- causes ----------------------------------------------------------------------------------------------

// A gates game of the clean image and another input.
struct GatesRunRow {
  std::int64_t image = 0;
  std::int64_t condition = 0;
  std::int64_t input = 0;           // whose gates were recorded
  std::vector<double> values = {};  // [2^(B+1)] by coalition: bit 0 the input, bit b + 1 the gates of block b
  double identity_error = 0;        // of the two coalitions that are ordinary runs
};

// A player's part in the change of the margin.
struct ShapleyRow {
  std::int64_t image = 0;
  std::int64_t condition = 0;
  std::int64_t input = 0;
  std::int64_t player = 0;           // 0 the input, b + 1 the gates of block b
  double value = 0;                  // its Shapley value, in logits
  std::optional<double> share = {};  // -value / (m(x) - m(x')); missing unless the margin fell
  // Of the value, where it comes from random orders of the players instead of all: more than 8 blocks.
  std::optional<double> standard_error = {};
};

// A smallest set of blocks that decides; one row with rank 0 and no blocks where none does.
struct GateSetRow {
  std::int64_t image = 0;
  std::int64_t condition = 0;
  std::int64_t input = 0;
  std::string question = {};                // "gates-only", "given-linear-path", "restoring"
  std::int64_t rank = 0;                    // 0 the strongest of the smallest
  std::optional<std::int64_t> blocks = {};  // bit b: block b
  std::optional<std::int64_t> size = {};    // how many
  std::optional<double> margin = {};        // of a full run with the set; missing where it was not confirmed
};

// How much of a change at a point decides.
struct InterventionRow {
  std::int64_t image = 0;
  std::int64_t condition = 0;
  // "dose": the share u of a deviation that flips, up to 1 (adversarial) or 64 (controls, as long as the
  // adversarial one); "direction": the dose of a control over the adversarial one;
  // "subset": the share of channels that flips; "restore": the share of channels that restores.
  std::string kind = {};
  std::int64_t point = 0;
  // Of doses and directions whose deviation: "adversarial", "gaussian", "boost", "white-noise"; of subsets
  // which order: "pull", "distance", "random", "boost".
  std::string source = {};
  std::optional<double> value = {};         // missing: censored, more than `limit`
  double limit = 1;                         // the largest that was tried
  std::optional<double> square_share = {};  // of subsets and restores: the share of |A_a - A|^2
};

// A whole activation, or what one reader of it reads, exchanged.
struct SubstitutionRow {
  std::int64_t image = 0;
  std::int64_t condition = 0;
  std::string kind = {};       // "block": all values that leave a block; "edge": one input of one node
  std::string target = {};     // the block, or "from -> to"
  std::string direction = {};  // "compromise" the clean run, "restore" the adversarial one
  double margin = 0;
  bool decides = false;  // the answer is no longer, or is again, the clean class
};

// By how much what must be equal differs.
struct IdentityRow {
  std::int64_t image = 0;
  std::int64_t condition = 0;
  std::string identity = {};
  double error = 0;
  double tolerance = 0;
};

// ---- detection -------------------------------------------------------------------------------------------

// What can be measured of an input without its clean image.
struct DetectionRow {
  std::int64_t image = 0;
  std::int64_t condition = 0;
  std::int64_t input = 0;
  std::string quantity = {};  // "copies-deviation", "noisecam-mass", "copies-alignment"
  std::int64_t point = 0;
  std::optional<double> value = {};
};

// ---- for the eye ------------------------------------------------------------------------------------------

// Of the primary condition of the model: the clean picture, as the network takes it in, and perturbations.
struct PictureRow {
  std::int64_t image = 0;
  std::int64_t condition = 0;
  std::int64_t input = 0;
  // Of perturbations, in pixel units: 128 of 255 is 0, 1 and 255 are -scale and scale.
  std::optional<double> scale = {};
  std::vector<std::uint8_t> webp = {};  // lossy
};

// The heatmaps of the inputs that have a picture, made small.
struct MapRow {
  std::int64_t image = 0;
  std::int64_t condition = 0;
  std::int64_t input = 0;
  std::int64_t layer = 0;
  std::string method = {};
  std::int64_t height = 0;  // cells
  std::int64_t width = 0;
  double scale = 0;                       // the largest |value|
  std::vector<std::uint8_t> values = {};  // [height,width] in units of scale / 127, a two's complement each
};

// ---- effort ----------------------------------------------------------------------------------------------

// Depends on the machine: the only table that two equal runs differ in.
struct TimingRow {
  std::int64_t image = 0;
  double seconds = 0;
  std::int64_t peak_rss_bytes = 0;  // of the process so far
};

}  // namespace faultline::store
