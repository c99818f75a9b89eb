#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/error.h"
#include "base/parallel.h"
#include "cli/commands.h"
#include "cli/model_options.h"
#include "cli/progress.h"
#include "engine/engine.h"
#include "study/image_list.h"
#include "study/input_image.h"
#include "study/words.h"
#include "tensor/softmax.h"

namespace faultline::cli {

namespace {

using Json = nlohmann::ordered_json;

struct PredictOptions {
  ModelOptions model;
  std::vector<std::string> pictures;
  int top = 5;
  int batch = 16;
  bool json = false;
  std::optional<std::string> truth;
};

// Classes in order of their logits, the lower index first among equals, and their probabilities.
struct Ranking {
  std::vector<int> classes;
  std::vector<double> probabilities;  // by class
};

Ranking rank(DoubleTensorView logits) {
  Ranking ranking;
  ranking.probabilities = softmax(logits);
  ranking.classes.resize(logits.values().size());
  std::iota(ranking.classes.begin(), ranking.classes.end(), 0);
  std::stable_sort(ranking.classes.begin(), ranking.classes.end(),
                   [&](int a, int b) { return logits[a] > logits[b]; });
  return ranking;
}

std::vector<Tensor> load_batch(const std::vector<std::filesystem::path>& files, std::size_t first,
                               std::size_t count, const formats::Manifest& manifest) {
  std::vector<Tensor> images(count);
  parallel_for(static_cast<std::int64_t>(count), [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    images[index] = study::load_input(files[first + index], manifest).pixels;
  });
  return images;
}

std::vector<Ranking> predict_all(const PredictOptions& options, const formats::Model& model,
                                 engine::Plan& plan, const std::vector<std::filesystem::path>& files,
                                 const Session& session) {
  ProgressLine progress("predicted", session.quiet || options.json);
  const RunControl control = progress.control();
  std::vector<Ranking> rankings;
  while (rankings.size() < files.size()) {
    control.checkpoint();
    const std::size_t count =
        std::min(static_cast<std::size_t>(options.batch), files.size() - rankings.size());
    const auto pass = plan.forward(study::stack(load_batch(files, rankings.size(), count, model.manifest)));
    for (int row = 0; row < pass->rows(); ++row) rankings.push_back(rank(pass->logits().row(row)));
    control.report(
        {static_cast<std::int64_t>(rankings.size()), static_cast<std::int64_t>(files.size()), "pictures"});
  }
  return rankings;
}

// How many of the true classes are among each picture's first `top` classes.
std::size_t hits(const std::vector<Ranking>& rankings, const std::vector<int>& truth, std::ptrdiff_t top) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < rankings.size(); ++i) {
    const auto& classes = rankings[i].classes;
    const auto end = classes.begin() + std::min(top, static_cast<std::ptrdiff_t>(classes.size()));
    if (std::find(classes.begin(), end, truth[i]) != end) ++count;
  }
  return count;
}

Json to_json(const Ranking& ranking, std::size_t top, const formats::Manifest& manifest) {
  Json list = Json::array();
  for (std::size_t k = 0; k < std::min(top, ranking.classes.size()); ++k) {
    const int c = ranking.classes[k];
    list.push_back({{"class_index", c},
                    {"label", study::class_name(manifest, c)},
                    {"probability", ranking.probabilities[static_cast<std::size_t>(c)]}});
  }
  return list;
}

std::string accuracy_line(const std::vector<Ranking>& rankings, const std::vector<int>& truth) {
  const auto line = [&](std::ptrdiff_t top) {
    const std::size_t right = hits(rankings, truth, top);
    return fmt::format("top-{} {} of {} = {:.2f} %", top, right, truth.size(),
                       100.0 * static_cast<double>(right) / static_cast<double>(truth.size()));
  };
  return line(1) + ", " + line(5) + "\n";
}

void print_json(const PredictOptions& options, const formats::Model& model,
                const std::vector<std::filesystem::path>& files, const std::vector<Ranking>& rankings,
                const std::vector<int>& truth) {
  Json images = Json::array();
  for (std::size_t i = 0; i < files.size(); ++i) {
    Json image = {{"file", files[i].string()},
                  {"top", to_json(rankings[i], static_cast<std::size_t>(options.top), model.manifest)}};
    if (!truth.empty()) image["true_class"] = truth[i];
    images.push_back(std::move(image));
  }
  Json document = {{"version", 1}, {"images", std::move(images)}};
  if (!truth.empty()) {
    document["accuracy"] = {
        {"images", truth.size()}, {"top1", hits(rankings, truth, 1)}, {"top5", hits(rankings, truth, 5)}};
  }
  print(document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

void print_table(const PredictOptions& options, const formats::Model& model,
                 const std::vector<std::filesystem::path>& files, const std::vector<Ranking>& rankings,
                 const std::vector<int>& truth) {
  std::string text;
  for (std::size_t i = 0; i < files.size() && (truth.empty() || files.size() <= 50); ++i) {
    text += files[i].string() + "\n";
    for (std::size_t k = 0; k < std::min(static_cast<std::size_t>(options.top), rankings[i].classes.size());
         ++k) {
      const int c = rankings[i].classes[k];
      text += fmt::format("  {:6.2f} %  {}\n", 100 * rankings[i].probabilities[static_cast<std::size_t>(c)],
                          study::class_name(model.manifest, c));
    }
  }
  if (!truth.empty()) text += accuracy_line(rankings, truth);
  print(text);
}

void predict(const PredictOptions& options, const Session& session) {
  const auto files = study::list_images(options.pictures);
  const formats::Model model = load(options.model);
  model.require_logits("predict");
  std::vector<int> truth;
  if (options.truth) truth = study::true_classes(*options.truth, files, static_cast<int>(model.classes));
  const auto plan = make_engine(session)->compile(model.graph, {});
  const auto rankings = predict_all(options, model, *plan, files, session);
  model.check_unchanged();
  (options.json ? print_json : print_table)(options, model, files, rankings, truth);
}

}  // namespace

void add_predict(CLI::App& root, Session& session) {
  const auto options = std::make_shared<PredictOptions>();
  CLI::App* command = root.add_subcommand(
      "predict", "What a network sees in pictures; its accuracy where the truth is known");
  command->footer("\nExample: faultline predict models/squeezenet1.0.onnx images/street --top 3");
  add_model_options(*command, options->model);
  add_pictures(*command, options->pictures);
  command->add_option("--top", options->top, "How many classes to show")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command->add_option("--truth", options->truth,
                      "True classes, to measure accuracy: a CSV file with the columns file and class_index, "
                      "or 'folders' if each "
                      "class's pictures lie in a folder of their own, in the sorted order of the classes");
  command->add_option("--batch", options->batch, "Pictures in one pass; no influence on results")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_flag("--json", options->json, "JSON on stdout (docs/json.md)");
  add_engine_option(*command, session);
  add_common_options(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { predict(*options, session); }; });
}

}  // namespace faultline::cli
