#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <set>

#include "attack/autoattack.h"
#include "attack/budget.h"
#include "attack/catalogue.h"
#include "attack/projection.h"
#include "base/error.h"
#include "base/files.h"
#include "base/sha256.h"
#include "cli/attack_batch.h"
#include "cli/attack_options.h"
#include "cli/commands.h"
#include "cli/model_options.h"
#include "cli/progress.h"
#include "cli/result_folder.h"
#include "cli/target_option.h"
#include "control/statistics.h"
#include "engine/engine.h"
#include "image/encode.h"
#include "study/attack_json.h"
#include "study/engine_json.h"
#include "study/image_list.h"
#include "study/input_image.h"
#include "study/mask.h"
#include "study/output_names.h"
#include "study/words.h"
#include "tensor/npy.h"

namespace faultline::cli {

namespace {

using Json = nlohmann::ordered_json;

struct AttackCommand {
  ModelOptions model;
  std::vector<std::string> pictures;
  std::string output;
  AttackChoice choice;
  std::optional<std::string> target;
  std::optional<std::string> guide;
  std::optional<std::string> truth;
  std::optional<std::string> mask;
  std::optional<std::int64_t> max_passes;
  std::optional<double> max_seconds;
  int batch = 16;
  bool critical = false;
  bool json = false;
};

// What is attacked at a time.
struct Batch {
  std::vector<study::InputImage> images;
  std::vector<Tensor> pixels;
  std::vector<std::string> keys;
  std::vector<int> labels;         // empty: the clean predictions
  std::vector<int> targets;        // empty unless one for all was named
  std::vector<study::Mask> masks;  // empty: pictures may be changed everywhere
};

Json mask_json(const study::Mask& mask) {
  return {{"file", mask.file.string()}, {"sha256", mask.sha256}, {"share", mask.share}};
}

Json budget_json(const AttackCommand& command) {
  Json json = Json::object();
  if (command.max_passes) json["passes"] = *command.max_passes;
  if (command.max_seconds) json["seconds"] = *command.max_seconds;
  return json;
}

Json verdict(const attack::Verdict& verdict, const formats::Manifest& manifest) {
  return {{"class_index", verdict.predicted},
          {"label", study::class_name(manifest, verdict.predicted)},
          {"success", verdict.success},
          {"loss", verdict.loss}};
}

Json record(const study::InputImage& image, const BatchOutcome& outcome, const std::string& name,
            const formats::Manifest& manifest) {
  const attack::AttackedImage& attacked = outcome.attacked;
  const control::Statistics of = control::statistics(control::difference(attacked.image, image.pixels));
  Json json = {{"file", image.file.string()},
               {"sha256", image.sha256},
               {"adversarial_npy", name + ".npy"},
               {"adversarial_png", name + ".png"},
               {"label", attacked.aim.label}};
  if (attacked.aim.target >= 0) json["target"] = attacked.aim.target;
  json["clean"] = verdict(attacked.clean, manifest);
  json["adversarial"] = verdict(attacked.adversarial, manifest);
  json["adversarial_8bit"] = verdict(attacked.rounded, manifest);
  const auto size = [&](attack::Norm norm) { return attack::distance(norm, image.pixels, attacked.image); };
  json["perturbation"] = {{"linf", attacked.linf},        {"l2", attacked.l2}, {"l1", size(attack::Norm::l1)},
                          {"l0", size(attack::Norm::l0)}, {"mean", of.mean},   {"std", of.std}};
  json["steps"] = attacked.steps;
  json["restart"] = attacked.restart;
  json["forward_passes"] = attacked.forward_passes;
  json["backward_passes"] = attacked.backward_passes;
  json.update(outcome.more);
  return json;
}

class Attacker {
 public:
  Attacker(const AttackCommand& command, const Session& session)
      : command_(command), session_(session), model_(load(command.model)) {
    model_.require_logits("attack");
    files_ = study::list_images(command.pictures);
    Settings settings = to_settings(command.choice);
    if (command.target) {
      target_ = parse_target("--target", *command.target, model_);
      settings.set("goal", "targeted");
    } else if (settings.has("goal") && settings.text("goal") == "targeted") {
      settings.refuse("goal", "--target CLASS with it");
    }
    if (command.truth) truth_ = study::true_classes(*command.truth, files_, static_cast<int>(model_.classes));
    if (command.mask) mask_files_ = study::mask_files(*command.mask, files_);
    if (command.max_passes) settings = attack::within_passes(settings, *command.max_passes);
    if (command.max_seconds && command.critical)
      throw Error(ErrorKind::usage,
                  "--max-seconds with --critical: strengths that are given up for time tell nothing");
    attack_ = attack::make_attack(settings);
    if (command.guide) guide_ = study::load_input(*command.guide, model_.manifest).pixels;
    engine_ = make_engine(session);
    plan_ = engine_->compile(model_.graph, {.observed = attack_->observed(model_.graph)});
    if (command.critical) {
      attack_batch_ = critical_attack(attack_->settings());
    } else if (is_resumable()) {
      resumable_.emplace(attack_->settings(), std::filesystem::path(command.output) / "autoattack-state",
                         run_name());
      attack_batch_ = resumable_->attack_batch();
    } else {
      attack_batch_ = plain_attack(*attack_);
    }
  }

  void run() {
    prepare_result_folder(command_.output, {"attack.json"});
    ProgressLine progress("attacked", session_.quiet || command_.json);
    const RunControl control = progress.control();
    for (std::size_t first = 0; first < files_.size(); first += static_cast<std::size_t>(command_.batch)) {
      control.checkpoint();
      attack_batch(load_batch(first), control);
      control.report(
          {static_cast<std::int64_t>(images_.size()), static_cast<std::int64_t>(files_.size()), "pictures"});
    }
    const Json document = {{"version", 2},
                           {"model", command_.model.model},
                           {"model_sha256", model_.sha256},
                           {"attack", study::attack_json(*attack_)},
                           {"target", command_.target ? Json(*command_.target) : Json()},
                           {"budget", budget_json(command_)},
                           {"seed", session_.seed},
                           {"engine", study::engine_json(*engine_)},
                           {"images", images_}};
    const std::string text = document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
    write_file(std::filesystem::path(command_.output) / "attack.json", text);
    if (resumable_) resumable_->forget();
    print(command_.json ? text : summary_ + totals());
  }

 private:
  bool is_resumable() const { return !command_.critical && attack_->name() == attack::kAutoAttack.name; }
  // All that results depend on besides the pictures, whose keys are in the state.
  std::string run_name() const {
    return Json{{"attack", study::attack_json(*attack_)}, {"model_sha256", model_.sha256},
                {"truth", command_.truth.value_or("")},   {"mask", command_.mask.value_or("")},
                {"budget", budget_json(command_)},        {"seed", session_.seed},
                {"engine", study::engine_json(*engine_)}}
        .dump();
  }

  Json mask_hashes() const {
    Json hashes = Json::array();
    for (const auto& file : std::set(mask_files_.begin(), mask_files_.end()))
      hashes.push_back(sha256_hex_of_file(file));
    return hashes;
  }

  Batch load_batch(std::size_t first) const {
    Batch batch;
    const std::size_t last = std::min(files_.size(), first + static_cast<std::size_t>(command_.batch));
    for (std::size_t i = first; i < last; ++i) {
      batch.images.push_back(study::load_input(files_[i], model_.manifest));
      batch.pixels.push_back(batch.images.back().pixels);
      batch.keys.push_back(batch.images.back().sha256);
      if (!truth_.empty()) batch.labels.push_back(truth_[i]);
      if (target_.class_index) batch.targets.push_back(*target_.class_index);
      if (!mask_files_.empty()) batch.masks.push_back(study::load_mask(mask_files_[i], model_.manifest));
    }
    return batch;
  }

  void attack_batch(const Batch& batch, const RunControl& control) {
    const Tensor stacked = study::stack(batch.pixels);
    const Tensor guides =
        guide_.elements() > 0 ? study::stack(std::vector(batch.pixels.size(), guide_)) : Tensor();
    const Tensor masks = stacked_masks(batch.masks);
    const attack::AttackInput input{.images = stacked,
                                    .labels = batch.labels,
                                    .targets = batch.targets,
                                    .target_rule = target_.rule,
                                    .guides = guides,
                                    .masks = masks,
                                    .keys = batch.keys,
                                    .seed = session_.seed,
                                    .max_batch = command_.batch,
                                    .deadline = deadline_of(batch.images.size())};
    const std::vector<BatchOutcome> outcomes = attack_batch_(*plan_, input, control.without_progress());
    model_.check_unchanged();
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      write_one(batch.images[i], outcomes[i], batch.masks.empty() ? nullptr : &batch.masks[i]);
  }

  static Tensor stacked_masks(const std::vector<study::Mask>& masks) {
    std::vector<Tensor> values;
    for (const study::Mask& mask : masks) values.push_back(mask.values);
    return values.empty() ? Tensor() : study::stack(values);
  }

  // A batch has the time of its pictures together.
  std::optional<std::chrono::steady_clock::time_point> deadline_of(std::size_t pictures) const {
    if (!command_.max_seconds) return std::nullopt;
    const std::chrono::duration<double> allowed(*command_.max_seconds * static_cast<double>(pictures));
    return std::chrono::steady_clock::now() +
           std::chrono::duration_cast<std::chrono::steady_clock::duration>(allowed);
  }

  void write_one(const study::InputImage& image, const BatchOutcome& outcome, const study::Mask* mask) {
    const attack::AttackedImage& attacked = outcome.attacked;
    const std::string name = names_.next(image.file);
    const std::filesystem::path stem = std::filesystem::path(command_.output) / name;
    write_npy(stem.string() + ".npy", attacked.image);
    write_png(stem.string() + ".png", attacked.image);
    images_.push_back(record(image, outcome, name, model_.manifest));
    if (mask != nullptr) images_.back()["mask"] = mask_json(*mask);
    successes_ += attacked.adversarial.success ? 1 : 0;
    successes_8bit_ += attacked.rounded.success ? 1 : 0;
    summary_ += fmt::format("{}: {} -> {}{}{}\n", image.file.filename().string(),
                            study::class_name(model_.manifest, attacked.clean.predicted),
                            study::class_name(model_.manifest, attacked.adversarial.predicted),
                            attacked.adversarial.success == attacked.rounded.success
                                ? ""
                                : " (other verdict once rounded to 8 bits)",
                            outcome.note);
  }

  std::string totals() const {
    return fmt::format("{}: {} of {} succeed, {} of {} after rounding to 8 bits; written to {}\n",
                       study::describe_attack(attack_->settings()), successes_, files_.size(),
                       successes_8bit_, files_.size(), command_.output);
  }

  const AttackCommand& command_;
  const Session& session_;
  formats::Model model_;
  std::vector<std::filesystem::path> files_;
  TargetChoice target_;
  std::vector<std::filesystem::path> mask_files_;  // one a picture, or none
  Tensor guide_;                                   // [3,H,W], or nothing
  std::vector<int> truth_;
  std::unique_ptr<attack::Attack> attack_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<engine::Plan> plan_;
  std::optional<ResumableAutoAttack> resumable_;
  AttackBatch attack_batch_;
  study::OutputNames names_;
  Json images_ = Json::array();
  int successes_ = 0;
  int successes_8bit_ = 0;
  std::string summary_;
};

}  // namespace

void add_attack(CLI::App& root, Session& session) {
  const auto options = std::make_shared<AttackCommand>();
  CLI::App* command = root.add_subcommand(
      "attack", "Make adversarial pictures, kept lossless, with a record of how they fare");
  command->footer(
      "\nWrites for each picture OUT/<picture>.npy (float32 [3,H,W] in [0,1], exact) and OUT/<picture>.png "
      "(rounded to 8 bits), and\n"
      "OUT/attack.json (docs/json.md). Success is judged on both.\n"
      "A run of autoattack that was stopped goes on where it was when it is started again with the same "
      "OUT.\n"
      "Example: faultline attack models/vgg16-slim-imagenette.onnx images/imagenette -o adversarial --eps "
      "2/255");
  add_model_options(*command, options->model);
  add_pictures(*command, options->pictures);
  command->add_option("-o,--output", options->output, "Folder for the results")->required();
  add_attack_options(*command, options->choice);
  command
      ->add_option("--target", options->target,
                   "The class to be taken for: an index, a label, or by the clean logits of the others "
                   "most-likely, least-likely,\nlikely=K (the K-th), random; default: any wrong one")
      ->group("Attack");
  command
      ->add_option(
          "--mask", options->mask,
          "Where pictures may be changed: a picture that is white there, or a folder with one for each "
          "picture, of the\nsame name; brought to the network's input as the pictures are")
      ->group("Attack");
  command
      ->add_option("--max-passes", options->max_passes,
                   "Takes fewer steps than set, so that no picture takes more passes, forward and backward "
                   "(with --critical:\nfor each strength)")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}))
      ->group("Attack");
  command
      ->add_option(
          "--max-seconds", options->max_seconds,
          "Time for each picture, on average over a batch; what was found by then is taken. Results then "
          "depend on the machine")
      ->check(CLI::Range(1e-3, 1e6))
      ->group("Attack");
  command
      ->add_option("--truth", options->truth,
                   "True classes (CSV or 'folders', as in predict); default: the clean predictions")
      ->group("Attack");
  command
      ->add_option(
          "--guide", options->guide,
          "Of the layer attack: the picture whose activation is to be reached (--set direction=guide)")
      ->group("Attack");
  command
      ->add_flag("--critical", options->critical,
                 "Attack each picture at its critical strength: the smallest eps that succeeds, to 1/16, "
                 "looked for from eps/16 to 16 eps")
      ->group("Attack");
  command->add_option("--batch", options->batch, "Pictures in one pass; no influence on results")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print attack.json on stdout");
  add_engine_option(*command, session);
  add_seed_option(*command, session);
  add_common_options(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { Attacker(*options, session).run(); }; });
}

}  // namespace faultline::cli
