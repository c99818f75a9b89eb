#include "report/study_report.h"

#include "report/bundle.h"
#include "report/page.h"

namespace faultline::report {

namespace {

std::string_view text_of(std::span<const unsigned char> bytes) {
  return {static_cast<const char*>(static_cast<const void*>(bytes.data())), bytes.size()};
}

// JSON that cannot end the element that it stands in.
std::string json_text(const nlohmann::ordered_json& json) {
  const std::string dumped = json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  std::string text;
  text.reserve(dumped.size());
  for (const char c : dumped) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

std::string study_report(const nlohmann::ordered_json& payload) {
  const std::string model = payload.at("summary").at("run").at("model_file").get<std::string>();
  std::string html =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src "
      "'unsafe-inline'; "
      "style-src 'unsafe-inline'; img-src data: blob:\">\n<title>" +
      escape_html(model) + "</title>\n<style>";
  html += text_of(kReportStyle);
  html +=
      "</style>\n</head>\n<body>\n<noscript>This report needs JavaScript; faultline summary prints its "
      "numbers "
      "without.</noscript>\n<script type=\"application/json\" id=\"data\">";
  html += json_text(payload);
  html += "</script>\n<script>";
  html += text_of(kReportScript);
  html += "</script>\n</body>\n</html>\n";
  return html;
}

}  // namespace faultline::report
