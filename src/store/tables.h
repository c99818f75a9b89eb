#pragma once

#include <cstdint>

#include "store/rows.h"
#include "store/table.h"

namespace faultline::store {

// The one description of every table: what is in the file, what is read and written, exported and documented
// (docs/store.md) all follow from it. Adding a column is a member in rows.h and a line here; both, and a
// changed meaning, make another schema version.
inline constexpr std::int64_t kSchemaVersion = 2;

template <class Row>
inline constexpr int kTable = 0;

template <>
inline constexpr auto kTable<RunRow> =
    Table("run", "The run itself: one row.", 0,
          column("schema_version", &RunRow::schema_version, "of these tables"),
          column("program_version", &RunRow::program_version, "of the faultline that began the run"),
          column("model_file", &RunRow::model_file, "as it was given"),
          column("model_sha256", &RunRow::model_sha256, "of the file's bytes, in hexadecimal"),
          column("configuration", &RunRow::configuration,
                 "JSON object: everything that numbers depend on beside the images"),
          column("created", &RunRow::created, "when the run began: ISO 8601, UTC"),
          column("planned_images", &RunRow::planned_images, "how many images it has once it is finished"),
          column("finished", &RunRow::finished, "1 once all images of the list are in the store"));

template <>
inline constexpr auto kTable<NetworkRow> =
    Table("network", "What is studied: the model, and its twins with random weights.", 1,
          column("network", &NetworkRow::network, "0 the model, 1 and up its twins"),
          column("name", &NetworkRow::name, "model, twin-1, twin-2, ..."),
          column("seed", &NetworkRow::seed, "of a twin's weights; NULL for the model"));

template <>
inline constexpr auto kTable<ClassRow> =
    Table("class", "What the network tells apart; empty if its manifest has no labels.", 1,
          column("class", &ClassRow::number, "index of its logit"),
          column("label", &ClassRow::label, "as in the model's manifest"));

template <>
inline constexpr auto kTable<BlockRow> = Table("block", "The network's blocks, from the input on.", 1,
                                               column("block", &BlockRow::block, "position, from 0"),
                                               column("name", &BlockRow::name, "as in the model's manifest"));

template <>
inline constexpr auto kTable<LayerRow> = Table("layer", "Where heatmaps live.", 1,
                                               column("layer", &LayerRow::layer, "position, from 0"),
                                               column("name", &LayerRow::name,
                                                      "of the node whose value it is"),
                                               column("block", &LayerRow::block, "that it is part of"));

template <>
inline constexpr auto kTable<PointRow> =
    Table("point", "Where deviations live: the values between operators.", 1,
          column("point", &PointRow::point, "position, from 0"),
          column("name", &PointRow::name, "of the node whose value it is"),
          column("kind", &PointRow::kind, "input, layer, pooling, dense or logits"),
          column("block", &PointRow::block, "that it is part of"),
          column("layer", &PointRow::layer, "that has its value; NULL if none has"),
          column("predecessors", &PointRow::predecessors, "JSON array of the points right before it"));

template <>
inline constexpr auto kTable<SegmentRow> =
    Table("segment",
          "Parts of the network between values, whose non-linearities contribute to the margin's change.", 1,
          column("segment", &SegmentRow::segment, "position, from 0"),
          column("name", &SegmentRow::name, "of the nodes where it ends"),
          column("point", &SegmentRow::point, "that ends it; NULL if none does"));

template <>
inline constexpr auto kTable<ConditionRow> = Table(
    "condition", "How images are perturbed: an attack, at a strength, of a network.", 1,
    column("condition", &ConditionRow::condition, "number, from 0"),
    column("network", &ConditionRow::network, "that is attacked and measured"),
    column("name", &ConditionRow::name,
           "in words: pgd at eps*, pgd at 2/255; of a twin with (twin-1) behind it"),
    column("attack_number", &ConditionRow::attack_number,
           "of the study's attacks, from 0: the same at all strengths of an attack"),
    column("attack", &ConditionRow::attack, "its name; given for perturbed inputs made elsewhere"),
    column("settings", &ConditionRow::settings, "JSON object of the attack's parameters"),
    column("regime", &ConditionRow::regime, "critical, double (twice the critical strength), fixed or given"),
    column("eps", &ConditionRow::eps, "of fixed, in pixel units; else NULL"));

template <>
inline constexpr auto kTable<ImageRow> =
    Table("image", "The images of the list: one is here if and only if all that was measured of it is.", 1,
          column("image", &ImageRow::image,
                 "position in the list, from 0, after a limit and before a shard is taken"),
          column("id", &ImageRow::id,
                 "SHA-256 of the file in hexadecimal; of its second copy with #2 behind it, and so on"),
          column("file", &ImageRow::file, "as listed"),
          column("status", &ImageRow::status, "studied, misclassified (left out) or unreadable"),
          column("reason", &ImageRow::reason, "of unreadable; else empty"),
          column("width", &ImageRow::width, "in pixels, as decoded; 0 if unreadable"),
          column("height", &ImageRow::height, "in pixels, as decoded; 0 if unreadable"),
          column("true_class", &ImageRow::true_class, "NULL if the list does not say"),
          column("predicted_class", &ImageRow::predicted_class,
                 "by the model, of the clean image; NULL if unreadable"),
          column("probability", &ImageRow::probability, "of the predicted class; NULL if unreadable"));

template <>
inline constexpr auto kTable<TwinImageRow> =
    Table("twin_image",
          "The images of the twins' part: one is here if and only if all that was measured of it with that "
          "twin is.",
          2, column("network", &TwinImageRow::network, "the twin, from 1"),
          column("image", &TwinImageRow::image, "position in the whole list"),
          column("predicted_class", &TwinImageRow::predicted_class,
                 "by the twin, of the clean image; -1 if it could not be read"),
          column("probability", &TwinImageRow::probability, "of the predicted class"));

template <>
inline constexpr auto kTable<AttackRow> = Table(
    "attack", "What the attack of a condition did to an image.", 2,
    column("image", &AttackRow::image, "position in the whole list"),
    column("condition", &AttackRow::condition, "number of the condition"),
    column("clean_class", &AttackRow::clean_class, "c: the network's answer for the clean image"),
    column("other_class", &AttackRow::other_class,
           "t: the class that the margin is against; NULL where no perturbed input was made"),
    column("eps", &AttackRow::eps, "that it was made with, in pixel units; NULL for attacks that take none"),
    column("critical_eps", &AttackRow::critical_eps,
           "of regimes critical and double: the smallest strength that changes the answer, in pixel units; "
           "NULL if censored"),
    column(
        "critical_fails_at", &AttackRow::critical_fails_at,
        "of the same: the largest strength below it that was tried and failed; 0 if the least that was tried "
        "changes the answer: then the critical strength is at most critical_eps"),
    column("made", &AttackRow::made,
           "1 if there is a perturbed input: not where the critical strength is censored"),
    column("success", &AttackRow::success, "1 if the answer changed"),
    column("success_rounded", &AttackRow::success_rounded,
           "1 if the answer changes too for the input rounded to 8 bits"),
    column("linf", &AttackRow::linf, "largest change of a pixel value, in pixel units"),
    column("l2", &AttackRow::l2, "Euclidean norm of the perturbation, in pixel units"),
    column("forward_passes", &AttackRow::forward_passes, "that the attack took"),
    column("backward_passes", &AttackRow::backward_passes, "that the attack took"));

template <>
inline constexpr auto kTable<InputRow> = Table(
    "input",
    "The inputs made of an image under a condition: the clean one, the perturbed one, the controls' draws.",
    3, column("image", &InputRow::image, "position in the whole list"),
    column("condition", &InputRow::condition, "number of the condition"),
    column("input", &InputRow::input,
           "0 the clean image, 1 the perturbed one, from 2 on the controls' draws"),
    column("kind", &InputRow::kind, "clean, adversarial, or the control's name"),
    column("draw", &InputRow::draw, "of the control, from 0"),
    column("role", &InputRow::role, "clean, adversarial, gaussian, harmless or other"),
    column("matched", &InputRow::matched, "1 if a control is what it is to be; if not it counts nowhere"),
    column("predicted_class", &InputRow::predicted_class, "the network's answer"),
    column("probability", &InputRow::probability, "of the predicted class"),
    column("clean_class_probability", &InputRow::clean_class_probability, "of class c"),
    column("margin", &InputRow::margin, "m = z_c - z_t, in logits"),
    column("l2", &InputRow::l2, "Euclidean norm of the perturbation, in pixel units"),
    column("linf", &InputRow::linf, "its largest magnitude, in pixel units"),
    column("mean", &InputRow::mean, "its mean over all channels and positions, in pixel units"),
    column("std", &InputRow::std, "its standard deviation over all channels and positions, in pixel units"));

template <>
inline constexpr auto kTable<PointResponseRow> = Table(
    "point_response", "How a point responds to an input other than the clean one.", 4,
    column("image", &PointResponseRow::image, "position in the whole list"),
    column("condition", &PointResponseRow::condition, "number of the condition"),
    column("input", &PointResponseRow::input, "number of the input"),
    column("point", &PointResponseRow::point, "number of the point"),
    column("deviation", &PointResponseRow::deviation, "|A' - A| / |A|; NULL if |A| is 0"),
    column("log_excess", &PointResponseRow::log_excess,
           "ln deviation less its mean over the gaussian draws; NULL where one is missing or 0"),
    column(
        "step", &PointResponseRow::step,
        "log excess less that of the preceding point, of several the largest; NULL where either is missing"),
    column("pull", &PointResponseRow::pull,
           "change of the margin if all behind the point were linear, in logits"),
    column("alignment", &PointResponseRow::alignment,
           "cosine of A' - A with -dm/dA; NULL where either is 0"));

template <>
inline constexpr auto kTable<PointScaleRow> = Table(
    "point_scale", "Of a point and the clean image.", 3,
    column("image", &PointScaleRow::image, "position in the whole list"),
    column("condition", &PointScaleRow::condition, "number of the condition"),
    column("point", &PointScaleRow::point, "number of the point"),
    column("clean_norm", &PointScaleRow::clean_norm, "|A|"),
    column("reach", &PointScaleRow::reach,
           "first-order distance to the decision boundary, in units of A; NULL if no class can be reached"),
    column("relative_reach", &PointScaleRow::relative_reach,
           "reach / |A|; NULL where either is missing or |A| is 0"));

template <>
inline constexpr auto kTable<ContributionRow> = Table(
    "contribution", "The exact contribution of a segment's non-linearities to the change of the margin.", 4,
    column("image", &ContributionRow::image, "position in the whole list"),
    column("condition", &ContributionRow::condition, "number of the condition"),
    column("input", &ContributionRow::input, "number of the input"),
    column("segment", &ContributionRow::segment, "number of the segment"),
    column("contribution", &ContributionRow::contribution, "in logits"));

template <>
inline constexpr auto kTable<HeatmapResponseRow> = Table(
    "heatmap_response",
    "An input's heatmap at a layer. What compares maps is NULL for the clean input, where not asked for, and "
    "where either is blank; what describes one is NULL where it is blank.",
    5, column("image", &HeatmapResponseRow::image, "position in the whole list"),
    column("condition", &HeatmapResponseRow::condition, "number of the condition"),
    column("input", &HeatmapResponseRow::input, "number of the input"),
    column("layer", &HeatmapResponseRow::layer, "number of the layer"),
    column("method", &HeatmapResponseRow::method, "the heatmap method's name"),
    column("blank", &HeatmapResponseRow::blank, "1 if the map is zero everywhere"),
    column("entropy", &HeatmapResponseRow::entropy,
           "of the map as a distribution, over that of an even one: 0 one cell, 1 evenly spread"),
    column("gini", &HeatmapResponseRow::gini,
           "inequality of the cells: 0 evenly spread, towards 1 concentrated"),
    column("half_mass", &HeatmapResponseRow::half_mass,
           "smallest share of the cells that holds half of the mass"),
    column("distraction", &HeatmapResponseRow::distraction,
           "attention lost from the clean map's half-mass region, -1 to 1"),
    column("cosine", &HeatmapResponseRow::cosine, "distance: 1 - cosine, 0 to 1"),
    column("iou", &HeatmapResponseRow::iou,
           "distance: 1 - intersection over union of the largest cells, 0 to 1"),
    column("centre_shift", &HeatmapResponseRow::centre_shift,
           "distance of the centres of mass, in fractions of the map's diagonal"),
    column("mse", &HeatmapResponseRow::mse, "mean squared difference of the maps over their maxima, 0 to 1"),
    column("pearson", &HeatmapResponseRow::pearson, "distance: 1 - Pearson's correlation, 0 to 2"),
    column("spearman", &HeatmapResponseRow::spearman, "distance: 1 - Spearman's correlation, 0 to 2"),
    column("ssim", &HeatmapResponseRow::ssim, "distance: 1 - mean structural similarity, 0 to 2"),
    column("jensen_shannon", &HeatmapResponseRow::jensen_shannon,
           "divergence of the maps as distributions, in bits, 0 to 1"),
    column("earth_mover", &HeatmapResponseRow::earth_mover,
           "least mass times distance that turns one map into the other, in fractions of the diagonal"));

template <>
inline constexpr auto kTable<GatesRunRow> = Table(
    "gates_run", "A gates game of the clean image and another input: the margin of every coalition.", 3,
    column("image", &GatesRunRow::image, "position in the whole list"),
    column("condition", &GatesRunRow::condition, "number of the condition"),
    column("input", &GatesRunRow::input, "whose gates were recorded"),
    column("values", &GatesRunRow::values,
           "2^(B+1) margins in logits, by coalition: bit 0 the input, bit b + 1 the gates of block b"),
    column("identity_error", &GatesRunRow::identity_error, "of the two coalitions that are ordinary runs"));

template <>
inline constexpr auto kTable<ShapleyRow> =
    Table("shapley", "A player's part in the change of the margin.", 4,
          column("image", &ShapleyRow::image, "position in the whole list"),
          column("condition", &ShapleyRow::condition, "number of the condition"),
          column("input", &ShapleyRow::input, "number of the input"),
          column("player", &ShapleyRow::player, "0 the input, b + 1 the gates of block b"),
          column("value", &ShapleyRow::value, "its Shapley value, in logits"),
          column("share", &ShapleyRow::share,
                 "-value / (m(x) - m(x')): of all players together 1; NULL unless the margin fell"),
          column("standard_error", &ShapleyRow::standard_error,
                 "of the value, where it comes from random orders of the players; NULL: it is exact"));

template <>
inline constexpr auto kTable<GateSetRow> = Table(
    "gate_set", "A smallest set of blocks that decides. One row with rank 0 and no blocks where none does.",
    5, column("image", &GateSetRow::image, "position in the whole list"),
    column("condition", &GateSetRow::condition, "number of the condition"),
    column("input", &GateSetRow::input, "number of the input"),
    column("question", &GateSetRow::question, "gates-only, given-linear-path or restoring"),
    column("rank", &GateSetRow::rank, "0 the strongest of the smallest sets"),
    column("blocks", &GateSetRow::blocks, "bit b: block b; NULL where no set decides"),
    column("size", &GateSetRow::size, "how many blocks; NULL where no set decides"),
    column("margin", &GateSetRow::margin,
           "of a full run with the set, in logits; NULL where it was not confirmed"));

template <>
inline constexpr auto kTable<InterventionRow> = Table(
    "intervention", "How much of a change at a point decides.", 5,
    column("image", &InterventionRow::image, "position in the whole list"),
    column("condition", &InterventionRow::condition, "number of the condition"),
    column("kind", &InterventionRow::kind,
           "dose: share of a deviation that flips; direction: the dose of a control over the adversarial "
           "one; subset: share of channels that flips; restore: share of channels that restores"),
    column("point", &InterventionRow::point, "where"),
    column("source", &InterventionRow::source,
           "of dose and direction whose deviation, of subset and restore which order: adversarial, gaussian, "
           "boost, white-noise, pull, distance, random"),
    column("value", &InterventionRow::value, "the share or factor; NULL if censored: more than the limit"),
    column("limit", &InterventionRow::limit, "the largest that was tried"),
    column("square_share", &InterventionRow::square_share,
           "of subset and restore: the chosen channels' share of |A' - A|^2; else NULL"));

template <>
inline constexpr auto kTable<SubstitutionRow> =
    Table("substitution", "A whole activation, or what one reader of it reads, exchanged.", 5,
          column("image", &SubstitutionRow::image, "position in the whole list"),
          column("condition", &SubstitutionRow::condition, "number of the condition"),
          column("kind", &SubstitutionRow::kind,
                 "block: all values that leave a block; edge: one input of one node"),
          column("target", &SubstitutionRow::target, "the block's name, or from -> to"),
          column("direction", &SubstitutionRow::direction,
                 "compromise the clean run, or restore the adversarial one"),
          column("margin", &SubstitutionRow::margin, "of the run with it, in logits"),
          column("decides", &SubstitutionRow::decides,
                 "1 if the answer is no longer (compromise), or is again (restore), the clean class"));

template <>
inline constexpr auto kTable<IdentityRow> =
    Table("identity", "By how much what must be equal differs.", 3,
          column("image", &IdentityRow::image, "position in the whole list"),
          column("condition", &IdentityRow::condition, "number of the condition"),
          column("identity", &IdentityRow::identity, "its name"),
          column("error", &IdentityRow::error, "largest difference seen"),
          column("tolerance", &IdentityRow::tolerance, "the largest that round-off explains"));

template <>
inline constexpr auto kTable<DetectionRow> =
    Table("detection", "What can be measured of an input without its clean image.", 5,
          column("image", &DetectionRow::image, "position in the whole list"),
          column("condition", &DetectionRow::condition, "number of the condition"),
          column("input", &DetectionRow::input, "number of the input"),
          column("quantity", &DetectionRow::quantity, "copies-deviation, noisecam-mass or copies-alignment"),
          column("point", &DetectionRow::point, "where it is measured"),
          column("value", &DetectionRow::value, "NULL where it is not defined"));

template <>
inline constexpr auto kTable<PictureRow> =
    Table("picture",
          "For the eye: under the model's primary condition the clean picture, and the perturbations of the "
          "perturbed input and of one Gaussian draw.",
          3, column("image", &PictureRow::image, "position in the whole list"),
          column("condition", &PictureRow::condition, "number of the condition"),
          column("input", &PictureRow::input, "number of the input"),
          column("scale", &PictureRow::scale,
                 "of perturbations, in pixel units: 128 of 255 is 0, 1 and 255 are -scale and scale; NULL of "
                 "the clean picture"),
          column("webp", &PictureRow::webp, "lossy WebP, at the network's input size"));

template <>
inline constexpr auto kTable<MapRow> = Table(
    "map", "Heatmaps of the inputs that have a picture, made small: means of square cells.", 5,
    column("image", &MapRow::image, "position in the whole list"),
    column("condition", &MapRow::condition, "number of the condition"),
    column("input", &MapRow::input, "number of the input"),
    column("layer", &MapRow::layer, "number of the layer"),
    column("method", &MapRow::method, "name of the heatmap method"),
    column("height", &MapRow::height, "cells"), column("width", &MapRow::width, "cells"),
    column("scale", &MapRow::scale, "the largest absolute value"),
    column("values", &MapRow::values,
           "height x width bytes, row by row: -127 to 127 (two's complement), in units of scale / 127"));

template <>
inline constexpr auto kTable<TimingRow> =
    Table("timing", "Effort. Depends on the machine: the only table that two equal runs differ in.", 1,
          column("image", &TimingRow::image, "position in the whole list"),
          column("seconds", &TimingRow::seconds, "of wall-clock time"),
          column("peak_rss_bytes", &TimingRow::peak_rss_bytes, "of the process so far"));

template <class... Rows>
struct RowTypes {
  // visit.template operator()<Row>() for each.
  template <class Visit>
  static void for_each(Visit&& visit) {
    (visit.template operator()<Rows>(), ...);
  }
};
using AllRows =
    RowTypes<RunRow, NetworkRow, ClassRow, BlockRow, LayerRow, PointRow, SegmentRow, ConditionRow, ImageRow,
             TwinImageRow, AttackRow, InputRow, PointResponseRow, PointScaleRow, ContributionRow,
             HeatmapResponseRow, GatesRunRow, ShapleyRow, GateSetRow, InterventionRow, SubstitutionRow,
             IdentityRow, DetectionRow, PictureRow, MapRow, TimingRow>;

}  // namespace faultline::store
