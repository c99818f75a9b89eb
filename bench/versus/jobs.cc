#include "versus/jobs.h"

#include <fmt/format.h>

#include <functional>

#include "attack/catalogue.h"
#include "study/analysis.h"
#include "study/benchmark.h"
#include "tensor/argmax.h"
#include "versus/agreement.h"
#include "versus/machine.h"
#include "versus/spread.h"

namespace faultline::bench {

namespace {

constexpr float kEps = 4.0F / 255;
constexpr int kSteps = 10;
constexpr float kStepSize = 2.5F * kEps / kSteps;

// Seconds of every repeat.
struct Contest {
  std::vector<double> ours = {};
  std::vector<double> plain = {};
  std::vector<double> tuned = {};

  // How many times as long the other side takes.
  Spread ratio(const std::vector<double>& theirs) const {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < ours.size(); ++i) ratios.push_back(theirs[i] / ours[i]);
    return spread_of(ratios);
  }
};

double seconds_of(Worker& worker, const std::string& command) {
  return worker.ask(command).at("seconds").get<double>();
}

// One repeat. Which side goes first alternates, so that neither always finds the machine as the other left
// it.
void take_turns(Contest& contest, const std::function<void()>& ours, Opponents& opponents,
                const std::string& command) {
  const bool we_begin = contest.ours.size() % 2 == 0;
  if (we_begin) contest.ours.push_back(bench::seconds_of(ours));
  contest.plain.push_back(seconds_of(opponents.plain, command));
  contest.tuned.push_back(seconds_of(opponents.tuned, command));
  if (!we_begin) contest.ours.push_back(bench::seconds_of(ours));
}

std::string header() {
  return table_header({"job", "faultline, s", "PyTorch, s", "PyTorch / faultline", "PyTorch tuned, s",
                       "PyTorch tuned / faultline", "faultline, GFLOP/s (share)",
                       "PyTorch tuned, GFLOP/s (share)"});
}

// multiply_adds: of both sides, 0 where a job is no matter of them.
std::string row(const std::string& name, const Contest& contest, std::int64_t multiply_adds,
                const engine::Roofline& roofline) {
  const Spread ours = spread_of(contest.ours);
  const Spread tuned = spread_of(contest.tuned);
  const auto rate_of = [&](const Spread& time) {
    return multiply_adds > 0 ? rate(multiply_adds, time.median, roofline) : "";
  };
  const auto ratio_to = [&](const std::vector<double>& theirs) {
    return "**" + to_text(contest.ratio(theirs), 2) + "**";
  };
  return table_row({name, to_text(ours, 2), to_text(spread_of(contest.plain), 2), ratio_to(contest.plain),
                    to_text(tuned, 2), ratio_to(contest.tuned), rate_of(ours), rate_of(tuned)});
}

// The jobs on our side, with the answers of the last run.
class Ours {
 public:
  explicit Ours(const Subject& subject) : subject_(subject), plan_(subject.compile()) {
    attack_ = make_pgd(kSteps);
    step_ = make_pgd(1);
  }

  void maps(int count) { maps_ = study::all_layer_maps(*plan_, subject_.model.map, subject_.first(count)); }

  void pgd(int count) { run(*attack_, count); }

  std::string check_maps(int count, Worker& worker, const std::filesystem::path& folder) {
    maps(count);
    const auto pass = plan_->forward(subject_.first(count));
    std::vector<int> classes;
    for (int i = 0; i < count; ++i) classes.push_back(argmax(pass->logits().row(i).values()));
    worker.ask(fmt::format("maps {}", count));
    worker.ask("save");
    return compare_maps(maps_, classes, folder);
  }

  // Of one step; warms all up too.
  std::string check_step(int count, Opponents& opponents, const std::filesystem::path& folder) {
    constexpr double kEqual = 0.99;
    run(*step_, count);
    opponents.tuned.ask(fmt::format("step {}", count));
    opponents.plain.ask(fmt::format("step {}", count));
    opponents.plain.ask("save");
    return "after a step " + compare_attacks(attacked_, kEqual, folder);
  }

  // Of ten: what the last timed runs of both sides answered. They have to be the worker's last job.
  std::string check_timed_pgd(Worker& worker, const std::filesystem::path& folder) {
    worker.ask("save");
    return fmt::format("after {} ", kSteps) + compare_attacks(attacked_, 0, folder);
  }

  std::int64_t multiply_adds_of(const std::function<void()>& job) {
    const std::int64_t before = plan_->counters().multiply_adds;
    job();
    return plan_->counters().multiply_adds - before;
  }

 private:
  // From the clean image as the worker's, so that the two can be compared.
  static std::unique_ptr<attack::Attack> make_pgd(int steps) {
    return attack::make_attack(attack::attack_settings("pgd", {"random_start=off"})
                                   .set("eps", double{kEps})
                                   .set("steps", steps)
                                   .set("step_size", double{kStepSize}));
  }

  void run(const attack::Attack& attack, int count) {
    std::vector<std::string> keys;
    for (int i = 0; i < count; ++i) keys.push_back(subject_.images[static_cast<std::size_t>(i)].sha256);
    attacked_ = attack.run(*plan_, {.images = subject_.first(count), .keys = keys}, {});
  }

  const Subject& subject_;
  std::unique_ptr<engine::Plan> plan_;
  std::unique_ptr<attack::Attack> attack_;
  std::unique_ptr<attack::Attack> step_;
  std::vector<DoubleTensor> maps_;
  std::vector<attack::AttackedImage> attacked_;
};

// Which memory format each of them takes for batches of this size, the faster of the two here.
std::string choose_format(const char* name, Worker& worker, int count) {
  const auto answer = worker.ask(fmt::format("format {}", count));
  const auto& seconds = answer.at("seconds");
  return fmt::format(
      "- {}, batches of {}: {} is taken (maps in {:.2f} s contiguous, {:.2f} s channels_last; the worst "
      "map differs by "
      "{:.1e} between the two)\n",
      name, count, answer.at("format").get<std::string>(), seconds.at("contiguous").get<double>(),
      seconds.at("channels_last").get<double>(), answer.at("difference").get<double>());
}

std::string choose_formats(Opponents& opponents, int count) {
  return choose_format("PyTorch", opponents.plain, count) +
         choose_format("PyTorch tuned", opponents.tuned, count);
}

study::AnalysisOptions analysis_options() {
  study::AnalysisOptions options;
  options.attack.set("eps", double{kEps}).set("steps", kSteps);
  options.controls = {control::control_settings("gaussian").set("draws", 8)};
  options.compare.methods = {heatmap::heatmap_method("gradcam")};
  return options;
}

// A plan refers to its model's weights, so that both have to stay.
struct Loaded {
  std::unique_ptr<formats::Model> model;
  std::unique_ptr<engine::Plan> plan;
  double load_s = 0;
  double compile_s = 0;
};

Loaded load_and_compile(const Subject& subject) {
  Loaded loaded;
  loaded.load_s = bench::seconds_of(
      [&] { loaded.model = std::make_unique<formats::Model>(formats::load_model(subject.file)); });
  loaded.compile_s = bench::seconds_of(
      [&] { loaded.plan = subject.engine->compile(loaded.model->graph, {.observed = subject.layers()}); });
  return loaded;
}

}  // namespace

std::string compare_passes(const Subject& subject, Opponents& opponents,
                           const std::filesystem::path& folder) {
  Ours ours(subject);
  study::Analyzer analyzer(subject.model, *subject.engine, analysis_options());
  std::string text = choose_formats(opponents, 10) + choose_formats(opponents, 1);
  text += "- maps: " + ours.check_maps(10, opponents.plain, folder) + "\n";
  text += "- PGD, 1 image: " + ours.check_step(1, opponents, folder);
  analyzer.analyze(subject.images.front(), {});
  Contest maps, pgd, analysis;
  for (int i = 0; i < subject.repeat; ++i) {
    take_turns(
        maps, [&] { ours.maps(10); }, opponents, "maps 10");
    analysis.ours.push_back(bench::seconds_of([&] { analyzer.analyze(subject.images.front(), {}); }));
    take_turns(
        pgd, [&] { ours.pgd(1); }, opponents, "pgd 1");
    analysis.plain.push_back(pgd.plain.back() + maps.plain.back());
    analysis.tuned.push_back(pgd.tuned.back() + maps.tuned.back());
  }
  text += "; " + ours.check_timed_pgd(opponents.plain, folder) + "\n\n" + header();
  text += row("Grad-CAM of 10 images at all 13 convolutions", maps,
              ours.multiply_adds_of([&] { ours.maps(10); }), subject.roofline);
  text += row("PGD, 10 steps, 1 image", pgd, ours.multiply_adds_of([&] { ours.pgd(1); }), subject.roofline);
  return text + row("`analyze` of 1 image, 8 noises; PyTorch: the two rows above alone", analysis, 0,
                    subject.roofline);
}

std::string compare_batched_attack(const Subject& subject, Opponents& opponents,
                                   const std::filesystem::path& folder) {
  constexpr int kBatch = 8;
  Ours ours(subject);
  std::string text = choose_formats(opponents, kBatch);
  text += "- PGD, 8 images: " + ours.check_step(kBatch, opponents, folder);
  Contest pgd;
  for (int i = 0; i < subject.repeat; ++i)
    take_turns(
        pgd, [&] { ours.pgd(kBatch); }, opponents, "pgd 8");
  text += "; " + ours.check_timed_pgd(opponents.plain, folder) + "\n\n" + header();
  const std::int64_t multiply_adds = ours.multiply_adds_of([&] { ours.pgd(kBatch); });
  return text + row("PGD, 10 steps, 8 images at a time", pgd, multiply_adds, subject.roofline);
}

std::string compare_loading(const Subject& subject, Opponents& opponents) {
  Contest load;
  std::vector<double> load_s, compile_s;
  Loaded loaded = load_and_compile(subject);
  opponents.plain.ask("load");
  opponents.tuned.ask("load");
  for (int i = 0; i < subject.repeat; ++i) {
    loaded = {};
    take_turns(
        load, [&] { loaded = load_and_compile(subject); }, opponents, "load");
    load_s.push_back(loaded.load_s);
    compile_s.push_back(loaded.compile_s);
  }
  return fmt::format(
             "- faultline loads in {} s (reading, SHA-256) and compiles in {} s (layouts, Winograd's "
             "transform)\n\n",
             to_text(spread_of(load_s), 2), to_text(spread_of(compile_s), 2)) +
         header() + row("load the weights and compile", load, 0, subject.roofline);
}

}  // namespace faultline::bench
