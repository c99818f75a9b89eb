#include "serve/site.h"

#include <charconv>
#include <optional>

#include "report/page.h"
#include "serve/pages.h"

namespace faultline::serve {

namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Response nothing() {
  return text_response(404, "there is no such page");
}

bool take(std::string_view& path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return false;
  path.remove_prefix(prefix.size());
  return true;
}

// A number from the front of a path.
std::optional<std::int64_t> take_number(std::string_view& path) {
  std::int64_t number = 0;
  const auto [last, error] = std::from_chars(path.data(), path.data() + path.size(), number);
  if (error != std::errc() || path.front() == '-') return std::nullopt;
  path.remove_prefix(static_cast<std::size_t>(last - path.data()));
  return number;
}

Response image_answer(const ServedRun& run, std::string_view path) {
  const std::optional<std::int64_t> image = take_number(path);
  if (!image) return nothing();
  if (path.empty()) {
    std::optional<std::string> inputs = run.inputs(*image);
    return inputs ? json_response(std::move(*inputs)) : nothing();
  }
  if (path != "/picture") return nothing();
  std::optional<std::string> picture = run.picture(*image);
  if (!picture) return nothing();
  return {.type = "image/webp", .body = std::make_shared<const std::string>(std::move(*picture))};
}

}  // namespace

Response Site::run_answer(ServedRun& run, std::string_view path) const {
  if (path.empty()) return report_page();
  if (path == "api/run") return {.type = "application/json", .body = run.payload()};
  if (path == "api/state") return json_response(text_of(to_json(run.state())));
  if (take(path, "api/image/")) return image_answer(run, path);
  return nothing();
}

Response Site::list() const {
  Json list = Json::array();
  for (const auto& [name, run] : runs_.list()) {
    Json json = {{"name", name}, {"address", "run/" + report::url_path(name) + "/"}};
    json.update(to_json(run->state()));
    list.push_back(std::move(json));
  }
  return json_response(text_of(list));
}

Response Site::answer(const Request& request) const {
  std::string_view path = request.path;
  if (!take(path, "/")) return nothing();
  if (tries_ != nullptr && path == "try") return try_page();
  if (tries_ != nullptr && request.path == kUpload)
    return request.method == "POST" ? tries_->start(request) : tries_->choices();
  if (runs_.is_one()) {
    const Response response = run_answer(*runs_.one(), path);
    return response.status == 404 ? asset(path) : response;
  }
  if (path.empty()) return runs_page();
  if (path == "api/runs") return list();
  if (!take(path, "run/")) return asset(path);
  const std::size_t slash = path.find('/');
  const std::string name(path.substr(0, slash));
  const std::shared_ptr<ServedRun> run = runs_.find(name);
  if (!run) return nothing();
  if (slash == std::string_view::npos) return redirect("/run/" + report::url_path(name) + "/");
  return run_answer(*run, path.substr(slash + 1));
}

}  // namespace faultline::serve
