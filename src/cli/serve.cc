#include <chrono>
#include <thread>

#include "base/serial_thread.h"
#include "cli/commands.h"
#include "serve/run_catalogue.h"
#include "serve/server.h"
#include "serve/site.h"

namespace faultline::cli {

namespace {

constexpr std::chrono::milliseconds kLookAtStop{50};

constexpr const char* kEmbeddedModel = "vgg16-slim-imagenette.onnx";

struct ServeCommand {
  std::string folder;
  std::vector<std::string> models;
  serve::ServerOptions server;
};

// Those that pictures can be tried on, under their files' names.
std::vector<serve::TryIt::Model> models_of(const ServeCommand& given) {
  std::vector<std::string> files = given.models;
  if (files.empty())
    files = {(std::filesystem::path(FAULTLINE_DATA_FOLDER) / "models" / kEmbeddedModel).string()};
  std::vector<serve::TryIt::Model> models;
  for (const std::string& file : files)
    models.push_back({std::filesystem::path(file).filename().string(), formats::load_model(file)});
  return models;
}

// Ends when the user asks for it, which is how it is meant to end: exit code 0.
void serve_runs(const ServeCommand& given, const Session& session) {
  serve::RunCatalogue runs(given.folder);
  const auto engine = make_engine(session);
  serve::TryIt tries(models_of(given), *engine);
  const serve::Site site(runs, &tries);
  serve::ServerOptions options = given.server;
  options.uploads = {serve::Site::kUpload};
  serve::Server server([&](const serve::Request& request) { return site.answer(request); }, options);
  print(server.address() + "\n");
  std::thread answering = serial_thread([&] { server.run(); });
  while (!stop_flag()) std::this_thread::sleep_for(kLookAtStop);
  server.stop();
  answering.join();
}

}  // namespace

void add_serve(CLI::App& root, Session& session) {
  const auto options = std::make_shared<ServeCommand>();
  CLI::App* command = root.add_subcommand(
      "serve",
      "Reports over HTTP on this machine: of large runs, of runs that are still going, of many runs");
  command->footer(
      "\nPrints the address to open in a browser; Ctrl-C ends it. Answers this machine only "
      "(docs/serve.md).\n"
      "Example: faultline serve run --port 8080");
  command->add_option("RUN", options->folder, "A run's folder, or a folder of such folders")->required();
  command->add_option("--port", options->server.port, "Where to listen; 0 takes a port that is free")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  command->add_option("--host", options->server.host, "localhost, 127.0.0.1 or ::1")->capture_default_str();
  command
      ->add_option(
          "--model", options->models,
          "A network to try pictures on, an ONNX file with its manifest; may be given several times; "
          "default the embedded VGG-16")
      ->allow_extra_args(false);
  add_engine_option(*command, session);
  add_common_options(*command, session);
  command->callback(
      [&session, options] { session.action = [&session, options] { serve_runs(*options, session); }; });
}

}  // namespace faultline::cli
