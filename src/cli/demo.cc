#include <fmt/format.h>

#include "base/error.h"
#include "base/files.h"
#include "cli/analyze_run.h"
#include "cli/attack_options.h"
#include "cli/commands.h"
#include "cli/result_folder.h"
#include "report/page.h"
#include "study/image_list.h"

namespace faultline::cli {

namespace {

namespace fs = std::filesystem;

struct DemoOptions {
  std::string output = "demo-report";
  std::string data = FAULTLINE_DATA_FOLDER;
  std::string eps = "4/255";
};

struct DemoPart {
  const char* model;     // below DATA/models
  const char* pictures;  // below DATA/images
  const char* folder;    // below OUT
  const char* about;
};

constexpr DemoPart kParts[] = {
    {"vgg16-slim-imagenette.onnx", "imagenette", "vgg16-slim",
     "VGG-16's topology at quarter width, ten classes of Imagenette"},
    {"squeezenet1.0.onnx", "street", "squeezenet",
     "SqueezeNet 1.0, a branched network, the thousand classes of ImageNet, on street scenes"},
};

AnalyzeResult run_part(const DemoPart& part, const DemoOptions& options, const Session& session) {
  AnalyzeJob job;
  job.model_file = fs::path(options.data) / "models" / part.model;
  job.model = formats::load_model(job.model_file);
  AttackChoice attack;
  attack.eps = options.eps;
  job.options.attack = to_settings(attack);
  job.options.seed = session.seed;
  job.pictures = study::list_images({(fs::path(options.data) / "images" / part.pictures).string()});
  job.output = fs::path(options.output) / part.folder;
  print(fmt::format("{}: {} pictures\n", job.model.manifest.name, job.pictures.size()));
  return run(job, session);
}

// What happened, and the first picture's heatmaps as a taste of the full report.
report::PageSection section_of(const DemoPart& part, const AnalyzeResult& result) {
  const std::string folder = part.folder;
  report::PageSection section;
  section.id = folder;
  section.title = part.about;
  section.thumbnail = folder + "/" + result.first.thumbnail;
  section.headline = result.totals;
  section.alarming = true;
  section.sentences = result.first.sentences;
  for (const report::PageFigure& figure : result.first.figures) {
    section.figures.push_back({folder + "/" + figure.png, figure.svg.empty() ? "" : folder + "/" + figure.svg,
                               result.first.title + ": " + figure.caption, figure.description});
  }
  return section;
}

void demo(const DemoOptions& options, const Session& session) {
  prepare_result_folder(options.output, {"index.html"});
  report::Page page;
  page.title = "faultline demo: where adversarial noise breaks a network";
  page.lead =
      "Two trained networks look at photographs, at the same photographs with adversarial noise too small to "
      "see, and with harmless noise of exactly "
      "the same size. Each report shows, picture by picture and layer by layer, where the adversarial noise "
      "hurts and the harmless noise does not.";
  for (const DemoPart& part : kParts) {
    const AnalyzeResult result = run_part(part, options, session);
    print(result.summary + "\n\n");
    page.links.push_back(
        {std::string("Full report: ") + part.folder, std::string(part.folder) + "/index.html"});
    page.sections.push_back(section_of(part, result));
  }
  page.facts.push_back({"photographs", "CC BY 2.0, authors in images/attribution.csv"});
  const fs::path index = fs::path(options.output) / "index.html";
  write_file(index, report::render(page));
  print(fmt::format("Report: {}\n", fs::absolute(index).string()));
}

}  // namespace

void add_demo(CLI::App& root, Session& session) {
  const auto options = std::make_shared<DemoOptions>();
  CLI::App* command = root.add_subcommand(
      "demo", "Analyse the embedded photographs with the embedded networks and end with a report");
  command->footer("\nExample: faultline demo -o demo-report");
  command->add_option("-o,--output", options->output, "Folder for the report")->capture_default_str();
  command->add_option("--eps", options->eps, "Size of the attack, in pixel units")->capture_default_str();
  command->add_option("--data", options->data, "Folder that holds models/ and images/")
      ->capture_default_str();
  add_engine_option(*command, session);
  add_seed_option(*command, session);
  add_common_options(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { demo(*options, session); }; });
}

}  // namespace faultline::cli
