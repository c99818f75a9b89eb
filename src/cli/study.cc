#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "attack/catalogue.h"
#include "base/entry_settings.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/model_options.h"
#include "cli/progress.h"
#include "cli/response_options.h"
#include "heatmap/methods.h"
#include "study/image_list.h"
#include "study/study_run.h"

namespace faultline::cli {

namespace {

struct StudyOptions {
  ModelOptions model;
  std::vector<std::string> images;
  std::string output;
  std::optional<std::string> pairs;
  std::optional<std::string> truth;
  std::string criteria = "correct";
  std::optional<std::size_t> limit;
  std::optional<std::string> shard;
  std::vector<std::string> attacks;
  std::vector<std::string> eps;
  std::optional<std::string> at;
  std::vector<std::string> controls;
  std::optional<int> draws;
  std::vector<std::string> assignments;
  ResponseChoice response;
  std::string causal = "all";
  std::string causal_grid = "default";
  bool no_detection = false;
  bool no_pictures = false;
  study::TwinsWanted twins;
  std::optional<std::int64_t> budget_s;
  bool json_lines = false;
};

// What the findings ask for (docs/method.md): every control that one of them compares with.
std::vector<Settings> study_controls() {
  std::vector<Settings> controls = study::default_controls();
  for (const char* name : {"transfer", "flip-gaussian", "subcritical"})
    controls.push_back(control::control_settings(name));
  return controls;
}

// "critical,double": of the names of --at.
study::Regimes parse_regimes(const std::string& text, const std::string& option) {
  study::Regimes regimes{.critical = false, .doubled = false, .fixed = false};
  std::istringstream names(text);
  for (std::string name; std::getline(names, name, ',');) {
    if (name == "critical") {
      regimes.critical = true;
    } else if (name == "double") {
      regimes.doubled = true;
    } else if (name == "fixed") {
      regimes.fixed = true;
    } else {
      throw Error(ErrorKind::usage,
                  option + ": no strength '" + name + "', expected critical, double or fixed");
    }
  }
  return regimes;
}

// "pgd", "pgd:norm=l2:eps=0.5", "mi-fgsm@double:steps=20": an attack, at some of the strengths, with some of
// its parameters.
study::StudiedAttack parse_attack(const std::string& text, const study::Regimes& usual) {
  const std::size_t colon = text.find(':');
  const std::string head = text.substr(0, colon);
  const std::size_t at = head.find('@');
  study::StudiedAttack studied{.attack = attack::attack_settings(head.substr(0, at)), .regimes = usual};
  if (at != std::string::npos) {
    studied.regimes = parse_regimes(head.substr(at + 1), "--attack " + text);
    studied.regimes.eps = usual.eps;
  }
  Settings& settings = studied.attack;
  std::size_t from = colon;
  while (from != std::string::npos) {
    const std::size_t next = text.find(':', from + 1);
    const std::string assignment = text.substr(from + 1, next == std::string::npos ? next : next - from - 1);
    settings.set_assignment(assignment);
    if (assignment.starts_with("eps=")) studied.regimes.eps.clear();
    from = next;
  }
  if (settings.has("goal") && settings.text("goal") != "untargeted")
    settings.refuse("goal", "untargeted: a study asks when the answer changes");
  attack::make_attack(settings);  // says what does not go together
  return studied;
}

float parse_eps(const std::string& text) {
  return attack::attack_settings("pgd").set("eps", text).pixels("eps");
}

study::Regimes usual_regimes(const StudyOptions& given) {
  study::Regimes regimes;
  if (given.at) regimes = parse_regimes(*given.at, "--at " + *given.at);
  for (const std::string& text : given.eps) regimes.eps.push_back(parse_eps(text));
  return regimes;
}

study::Shard parse_shard(const std::string& text) {
  study::Shard shard;
  const std::size_t slash = text.find('/');
  const auto number = [&](const std::string& part) {
    const bool digits =
        !part.empty() && part.size() <= 6 && part.find_first_not_of("0123456789") == std::string::npos;
    return digits ? std::stoi(part) : 0;
  };
  if (slash != std::string::npos) {
    shard = {.index = number(text.substr(0, slash)), .count = number(text.substr(slash + 1))};
    if (shard.index >= 1 && shard.index <= shard.count) return shard;
  }
  throw Error(ErrorKind::usage, "--shard " + text + ": expected i/n with i from 1 to n, as 2/4");
}

// --set NAME.PARAMETER=VALUE, of attacks, controls and metrics.
void set_parameters(const std::vector<std::string>& assignments, study::StudyJob& job) {
  study::AnalysisOptions& analysis = job.options.analysis;
  std::vector<Settings> all;
  for (const study::StudiedAttack& each : job.attacks) all.push_back(each.attack);
  all.insert(all.end(), analysis.controls.begin(), analysis.controls.end());
  all.insert(all.end(), analysis.metrics.begin(), analysis.metrics.end());
  for (const std::string& assignment : assignments) {
    if (!names_entry(assignment)) {
      throw Error(ErrorKind::usage, "--set " + assignment +
                                        ": expected NAME.PARAMETER=VALUE, NAME an attack, control or metric");
    }
    set_assignment(all, assignment);
  }
  const auto controls = all.begin() + std::ssize(job.attacks);
  const auto metrics = controls + std::ssize(analysis.controls);
  for (std::size_t i = 0; i < job.attacks.size(); ++i) job.attacks[i].attack = all[i];
  analysis.controls.assign(controls, metrics);
  analysis.metrics.assign(metrics, all.end());
}

std::vector<study::ListedImage> images_of(const StudyOptions& given, const formats::Model& model) {
  if (given.images.empty() == !given.pairs) {
    throw Error(ErrorKind::usage, "expected either IMAGES or --pairs TABLE.csv (see faultline study --help)");
  }
  const auto classes = static_cast<int>(model.classes);
  std::vector<study::ListedImage> images = study::list_study_images(
      given.pairs ? std::vector{*given.pairs} : given.images, model.manifest.labels, classes);
  if (!given.truth) return images;
  std::vector<std::filesystem::path> files;
  for (study::ListedImage& image : images) {
    files.push_back(image.file);
    image.true_class = std::nullopt;
  }
  if (*given.truth == "none") return images;
  const std::vector<int> truth = study::true_classes(*given.truth, files, classes);
  for (std::size_t i = 0; i < images.size(); ++i) images[i].true_class = truth[i];
  return images;
}

study::StudyJob to_job(const StudyOptions& given, const Session& session) {
  study::StudyJob job;
  job.model_file = given.model.model;
  job.model = load(given.model);
  job.model.require_logits("study");
  job.images = images_of(given, job.model);
  job.output = given.output;
  job.given = given.pairs.has_value();
  const study::Regimes usual = usual_regimes(given);
  for (const std::string& text : given.attacks) job.attacks.push_back(parse_attack(text, usual));
  if (job.given && !job.attacks.empty())
    throw Error(ErrorKind::usage, "--attack with --pairs: the perturbed inputs are given");
  if (job.attacks.empty()) job.attacks.push_back(parse_attack("pgd", usual));
  study::AnalysisOptions& analysis = job.options.analysis;
  analysis.controls = chosen_controls(given.controls, study_controls());
  if (given.draws) {
    for (Settings& each : analysis.controls) {
      if (each.name() == "gaussian") each.set("draws", *given.draws);
    }
  }
  analysis.compare.methods = {heatmap::sweep_method("layercam"), heatmap::sweep_method("hirescam")};
  set_response(given.response, analysis);
  analysis.seed = session.seed;
  set_parameters(given.assignments, job);
  job.options.causes = study::parse_causes(given.causal);
  job.options.causes.fine = given.causal_grid == "fine";
  job.options.detection = !given.no_detection;
  job.options.pictures = !given.no_pictures;
  job.twins = given.twins;
  job.misclassified_too = given.criteria == "all";
  job.limit = given.limit;
  if (given.shard) job.shard = parse_shard(*given.shard);
  if (given.budget_s) job.budget = std::chrono::seconds(*given.budget_s);
  return job;
}

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
