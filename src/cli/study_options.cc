#include "cli/study_options.h"

#include <fmt/format.h>

#include <sstream>

#include "attack/catalogue.h"
#include "base/entry_settings.h"
#include "base/error.h"
#include "heatmap/methods.h"
#include "study/image_list.h"

namespace faultline::cli {

namespace {

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
                  fmt::format("{}: no strength '{}', expected critical, double or fixed", option, name));
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

}  // namespace

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

}  // namespace faultline::cli
