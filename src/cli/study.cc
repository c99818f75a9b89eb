#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/study_options.h"

namespace faultline::cli {

namespace {

using Json = nlohmann::ordered_json;

void print_line(const Json& event) {
  print(event.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

void print_cost(const study::StudyCost& cost, const StudyOptions& given, const Session& session) {
  if (given.json_lines) {
    print_line({{"event", "begin"},
                {"images", cost.images},
                {"twin_images", cost.twin_images},
                {"passes_comparison", cost.image.comparison},
                {"passes_causes", cost.image.causes}});
  } else if (!session.quiet) {
    std::fprintf(stderr,
                 "%lld images to study, and %lld of twins. Each takes, beside its attacks, up to %.0f passes "
                 "to compare "
                 "and %.0f to test causes.\n",
                 static_cast<long long>(cost.images), static_cast<long long>(cost.twin_images),
                 cost.image.comparison, cost.image.causes);
  }
}

// The running totals that the live line shows.
struct Tally {
  int studied = 0;
  int misclassified = 0;
  int unreadable = 0;
  int conditions = 0;
  int flipped = 0;
};

void study(const StudyOptions& given, const Session& session) {
  const study::StudyJob job = to_job(given, session);
  const auto engine = make_engine(session);
  Tally tally;
  study::StudyResult result;
  {
    ProgressLine progress("studied", session.quiet || given.json_lines);
    study::StudyEvents events;
    events.on_begin = [&](const study::StudyCost& cost) { print_cost(cost, given, session); };
    events.on_image = [&](const study::ImageDone& image) {
      if (image.network == "model") {
        tally.studied += image.status == "studied" ? 1 : 0;
        tally.misclassified += image.status == "misclassified" ? 1 : 0;
        tally.unreadable += image.status == "unreadable" ? 1 : 0;
        tally.conditions += image.conditions;
        tally.flipped += image.flipped;
      }
      if (image.status == "unreadable" && image.network == "model") log_warning("left out: " + image.reason);
      if (given.json_lines) {
        print_line({{"event", "image"},
                    {"network", image.network},
                    {"image", image.image},
                    {"file", image.file},
                    {"status", image.status},
                    {"reason", image.reason},
                    {"flipped", image.flipped},
                    {"conditions", image.conditions},
                    {"done", image.done},
                    {"total", image.total},
                    {"seconds", image.seconds}});
      }
    };
    const RunControl shown = progress.control();
    const RunControl control(
        [&](const Progress& at) {
          Progress with_totals = at;
          if (tally.conditions > 0)
            with_totals.what += fmt::format("  {} of {} attacks succeeded", tally.flipped, tally.conditions);
          shown.report(with_totals);
        },
        &stop_flag());
    result = study::run_study(job, *engine, events, control);
  }
  if (given.json_lines) {
    return print_line({{"event", result.finished ? "finished" : "budget_spent"},
                       {"done", result.done},
                       {"done_before", result.done_before},
                       {"total", result.total}});
  }
  std::string text = fmt::format("{} of {} images done", result.done, result.total);
  if (result.done_before > 0) text += fmt::format(" ({} of them earlier)", result.done_before);
  if (tally.misclassified > 0)
    text += fmt::format("; {} left out: the network gets them wrong as they are", tally.misclassified);
  if (tally.unreadable > 0) text += fmt::format("; {} could not be read", tally.unreadable);
  text += "\n";
  if (!result.finished) text += "The budget is spent; the same command goes on from here.\n";
  text += "Run: " + job.output.string() + "\n";
  print(text);
}

}  // namespace

void add_study(CLI::App& root, Session& session) {
  const auto options = std::make_shared<StudyOptions>();
  CLI::App* command = root.add_subcommand(
      "study",
      "Repeat the main job over an image set, with tests of causes, into a store that survives being killed");
  command->footer(
      "\nStopped or killed, the same command goes on where it was and ends with the same numbers.\n"
      "faultline summary RUN says what was found; docs/store.md describes RUN/run.sqlite.\n"
      "Example: faultline study models/vgg16-slim-imagenette.onnx images/imagenette -o run --eps "
      "2/255,8/255");
  add_model_options(*command, options->model);
  command->add_option(
      "IMAGES", options->images,
      "Folders (true classes from sub-folders that are called like the model's classes, or of which "
      "there is one a class), pictures, globs, or CSV files with the columns file and class_index");
  command
      ->add_option("-o,--output", options->output,
                   "The run's folder; an unfinished run in it is gone on with")
      ->required();
  const std::string images = "Images";
  command
      ->add_option(
          "--pairs", options->pairs,
          "Instead of IMAGES and attacks: a CSV file with the columns file and perturbed (a perturbed input "
          "made elsewhere: a picture of the network's input size, or .npy float [3,H,W] in [0,1])")
      ->type_name("CSV")
      ->group(images);
  command
      ->add_option(
          "--truth", options->truth,
          "True classes: a CSV file with the columns file and class_index, folders (the k-th of the sorted "
          "names of the pictures' folders is class k), or none")
      ->group(images);
  command
      ->add_option(
          "--criteria", options->criteria,
          "Which images are studied: correct (whose answer is the true class, where that is known) or all")
      ->check(CLI::IsMember({"correct", "all"}))
      ->capture_default_str()
      ->group(images);
  command
      ->add_option(
          "--limit", options->limit,
          "So many images of the list, chosen by the hash of their content: a larger limit holds the smaller")
      ->check(CLI::PositiveNumber)
      ->group(images);
  command
      ->add_option(
          "--shard", options->shard,
          "i/n: every n-th image from the i-th on, for n processes; faultline merge joins their runs")
      ->group(images);
  const std::string attack = "Attack";
  command
      ->add_option(
          "--attack", options->attacks,
          "An attack (faultline list attacks), with parameters and strengths of its own if wanted: "
          "pgd, fgsm:norm=l2:eps=2, mi-fgsm@double:steps=20; may be given several times, the first is the "
          "one that findings are about; default pgd")
      ->allow_extra_args(false)
      ->group(attack);
  command
      ->add_option(
          "--eps", options->eps,
          "Fixed strengths of all attacks that were not given one: 2/255,8/255; default each attack's own")
      ->delimiter(',')
      ->group(attack);
  command
      ->add_option(
          "--at", options->at,
          "Strengths, with commas: critical (eps*, the smallest that flips the image), double (2 eps*), "
          "fixed; default all three. An attack's own are written behind its name: --attack fgsm@double")
      ->type_name("STRENGTHS")
      ->group(attack);
  command
      ->add_option("--set", options->assignments,
                   "Any parameter of an attack, control or metric: --set gaussian.moments=image")
      ->allow_extra_args(false)
      ->type_name("NAME.PARAMETER=VALUE")
      ->group(attack);
  add_control_option(*command, options->controls,
                     "gaussian=8 shuffled=2 phase=2 boost=1 transfer=1 flip-gaussian=1 subcritical=1");
  command
      ->add_option("--draws", options->draws,
                   "Of gaussian noise; the same as --control gaussian=DRAWS, all others kept")
      ->check(CLI::Range(0, 9999));
  add_response_options(*command, options->response, "layercam, hirescam");
  const std::string causes = "Causes";
  std::string names;
  for (const std::string_view name : study::cause_names())
    names += (names.empty() ? "" : ", ") + std::string(name);
  command->add_option("--causal", options->causal, "Tests of causes: all, none, or some of " + names)
      ->capture_default_str()
      ->group(causes);
  command->add_option("--causal-grid", options->causal_grid, "default, or fine: about 6 times the passes")
      ->check(CLI::IsMember({"default", "fine"}))
      ->capture_default_str()
      ->group(causes);
  command
      ->add_option(
          "--twins", options->twins.count,
          "Twins (the same network with random weights) that show what the architecture alone produces")
      ->check(CLI::Range(0, 100))
      ->capture_default_str()
      ->group(causes);
  command->add_option("--twin-images", options->twins.images, "Images that each twin is studied on")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str()
      ->group(causes);
  command->add_flag("--no-detection", options->no_detection,
                    "Leave out the quantities that detection is tested on");
  command->add_flag(
      "--no-pictures", options->no_pictures,
      "Keep no pictures and heatmaps to be looked at: about 100 KB an image less, and none to be shown on");
  const std::map<std::string, std::int64_t> units = {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}};
  command->add_option("--budget", options->budget_s, "Begin no image after that time: 90s, 20min, 2h")
      ->transform(CLI::AsNumberWithUnit(units, CLI::AsNumberWithUnit::UNIT_REQUIRED, "TIME"))
      ->type_name("TIME");
  command->add_flag("--json-lines", options->json_lines, "Events on stdout, a JSON object a line");
  add_engine_option(*command, session);
  add_seed_option(*command, session);
  add_common_options(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { study(*options, session); }; });
}

}  // namespace faultline::cli
