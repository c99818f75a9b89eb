#include "serve/try_it.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "base/named.h"
#include "base/parameter.h"
#include "serve/try_answer.h"
#include "study/decode_input.h"

namespace faultline::serve {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::milliseconds kSayEvery{200};
constexpr double kLevels = 255;

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::size_t parse_index(const std::string& text, std::size_t count) {
  std::size_t index = 0;
  const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || last != text.data() + text.size() || index >= count) {
    throw Error(ErrorKind::usage,
                "model: got '" + text + "', expected a number from 0 to " + std::to_string(count - 1));
  }
  return index;
}

// In 1/255, as the page has it, to pixel units.
void set_eps(Settings& attack, const std::string& text) {
  const std::optional<double> levels = parse_number(text);
  if (!levels || *levels <= 0)
    throw Error(ErrorKind::usage, "eps: got '" + text + "', expected a number above 0, in 1/255");
  attack.set("eps", *levels / kLevels);
}

// Of attacks that look for the least perturbation eps only bounds what counts, and by default does not.
constexpr double kNoLimit = 1e6;

std::optional<double> usual_eps(const Settings& attack) {
  if (!attack.has("eps")) return std::nullopt;
  const auto eps = static_cast<double>(attack.pixels("eps"));
  return eps < kNoLimit ? std::optional(kLevels * eps) : std::nullopt;
}

std::string eps_meaning(const attack::AttackEntry& entry) {
  for (const Parameter& each : entry.parameters) {
    if (each.name == "eps") return std::string(each.meaning);
  }
  return "";
}

// Every parameter once, and none that there is not.
void check_names(const std::multimap<std::string, std::string>& query) {
  std::set<std::string> seen;
  for (const auto& [name, value] : query) {
    if (name != "model" && name != "attack" && name != "eps")
      throw Error(ErrorKind::usage, "'" + name + "' is no choice: expected model, attack and eps");
    if (!seen.insert(name).second) throw Error(ErrorKind::usage, name + " is given twice");
  }
}

void tell(const ComputeQueue::Ticket& ticket, const Send& send) {
  for (;;) {
    const ComputeQueue::View view = ticket.wait(kSayEvery);
    if (view.ended) {
      send(view.problem.empty() ? "{\"result\":" + view.result + "}\n"
                                : line_of({{"problem", view.problem}}));
      return;
    }
    const Json at = view.ahead > 0 ? Json{{"ahead", view.ahead}}
                                   : Json{{"done", view.progress.done},
                                          {"total", view.progress.total},
                                          {"what", view.progress.what}};
    if (!send(line_of(at))) return;
  }
}

}  // namespace

TryIt::TryIt(std::vector<Model> models, const engine::Engine& engine, const TryOptions& options)
    : models_(std::move(models)),
      engine_(engine),
      options_(options),
      queue_(options.waiting, options.longest) {
  require(!models_.empty(), "TryIt: no models");
  for (const Model& each : models_) each.model.require_logits("serve");
}

Response TryIt::choices() const {
  Json models = Json::array();
  for (const Model& each : models_) {
    models.push_back({{"name", each.name},
                      {"classes", each.model.classes},
                      {"width", each.model.manifest.input.width},
                      {"height", each.model.manifest.input.height}});
  }
  Json attacks = Json::array();
  for (const attack::AttackEntry& entry : attack::attack_catalogue()) {
    const Settings settings = attack::attack_settings(entry.name);
    const std::optional<double> eps = usual_eps(settings);
    Json json = {{"name", entry.name},
                 {"summary", entry.summary},
                 {"eps", eps ? Json(*eps) : Json(nullptr)},
                 {"eps_meaning", eps_meaning(entry)}};
    attacks.push_back(std::move(json));
  }
  return json_response(line_of({{"models", std::move(models)}, {"attacks", std::move(attacks)}}));
}

TryIt::Choice TryIt::parse(const Request& request) const {
  check_names(request.query);
  const auto given = [&](const char* name) -> std::optional<std::string> {
    const auto found = request.query.find(name);
    return found == request.query.end() ? std::nullopt : std::optional(found->second);
  };
  Choice choice;
  if (const auto model = given("model")) choice.model = parse_index(*model, models_.size());
  if (const auto name = given("attack")) choice.attack = attack::attack_settings(*name);
  if (const auto eps = given("eps")) set_eps(choice.attack, *eps);
  attack::make_attack(choice.attack);  // says what does not go together
  return choice;
}

std::string TryIt::compute(const Choice& choice, const study::InputImage& image, const RunControl& control) {
  const formats::Model& model = models_[choice.model].model;
  const std::string key = std::to_string(choice.model) + choice.attack.name() + choice.attack.json().dump();
  if (key != analyzer_for_) {
    analyzer_.reset();  // before the next one, or both would be in memory
    analyzer_for_.clear();
    study::AnalysisOptions options;
    options.attack = choice.attack;
    // Boost would double the time: it is another attack.
    std::erase_if(options.controls, [](const Settings& each) { return each.name() == "boost"; });
    analyzer_ = std::make_unique<study::Analyzer>(model, engine_, options);
    analyzer_for_ = key;
  }
  const study::Analysis analysis = analyzer_->analyze(image, control);
  model.check_unchanged();
  return try_answer(analysis, *analyzer_).dump(-1, ' ', false, Json::error_handler_t::replace);
}

Response TryIt::start(const Request& request) {
  const auto refused = [&] {
    Response response = text_response(503, "others are trying pictures: " + std::to_string(options_.waiting) +
                                               " wait already. Try again in a moment");
    response.headers.emplace("Retry-After", "5");
    return response;
  };
  const Choice choice = parse(request);
  if (request.body.empty())
    throw Error(ErrorKind::image,
                "the upload is empty: expected a JPEG, PNG, WebP, PPM or PGM picture as body");
  if (queue_.is_full()) return refused();
  study::InputImage image;
  {
    const std::lock_guard lock(decoding_);
    image = study::decode_input(request.body, "the upload", models_[choice.model].model.manifest,
                                {.max_pixels = options_.max_pixels});
  }
  const std::shared_ptr<ComputeQueue::Ticket> ticket =
      queue_.submit([this, choice, image = std::move(image)](const RunControl& control) {
        return compute(choice, image, control);
      });
  if (!ticket) return refused();
  return {.type = "application/x-ndjson", .stream = [ticket](const Send& send) { tell(*ticket, send); }};
}

}  // namespace faultline::serve
