#include "serve/pages.h"

#include <array>
#include <string>

#include "report/bundle.h"
#include "serve/bundle.h"

namespace faultline::serve {

namespace {

constexpr const char* kScriptType = "text/javascript; charset=utf-8";
constexpr const char* kStyleType = "text/css; charset=utf-8";

struct Asset {
  std::string_view name;
  const char* type;
  const std::span<const unsigned char>& bytes;
};

constexpr std::array kAssets = {Asset{"report.js", kScriptType, report::kReportScript},
                                Asset{"report.css", kStyleType, report::kReportStyle},
                                Asset{"serve.js", kScriptType, kServeScript},
                                Asset{"serve.css", kStyleType, kServeStyle}};

// `bundle` loads the script and style of that name, which builds the page in the body.
Response page(const std::string& bundle, const std::string& name, const std::string& title) {
  return {
      .type = "text/html; charset=utf-8",
      .body = std::make_shared<const std::string>(
          "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
          title + "</title>\n<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/" +
          bundle + ".css\">\n</head>\n<body data-page=\"" + name +
          "\">\n<noscript>This page needs JavaScript.</noscript>\n"
          "<p id=\"loading\" role=\"status\" style=\"padding:1rem 1.5rem\">Reading ...</p>\n<script src=\"/" +
          bundle + ".js\"></script>\n</body>\n</html>\n")};
}

}  // namespace

Response report_page() {
  return page("report", "report", "faultline");
}

Response runs_page() {
  return page("serve", "runs", "Runs - faultline");
}

Response try_page() {
  return page("serve", "try", "Try it - faultline");
}

Response asset(std::string_view name) {
  for (const Asset& each : kAssets) {
    if (each.name != name) continue;
    const auto* const text = static_cast<const char*>(static_cast<const void*>(each.bytes.data()));
    return {.type = each.type, .body = std::make_shared<const std::string>(text, each.bytes.size())};
  }
  return text_response(404, "there is no such page");
}

}  // namespace faultline::serve
