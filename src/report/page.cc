#include "report/page.h"

#include "base/files.h"

namespace faultline::report {

namespace {

constexpr const char* kStyle = R"(
:root{--ink:#1c2230;--soft:#5b6475;--paper:#fff;--panel:#f5f6f8;--line:#dde1e8;--bad:#a8321a;--good:#1d6b45;--link:#1f55a5}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaf0;--soft:#a6aebd;--paper:#14171d;--panel:#1d222b;--line:#343b48;--bad:#ff9d85;--good:#7fd3a7;--link:#8db8ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,"DejaVu Sans",sans-serif}
main{max-width:1180px;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .5rem}
h2{font-size:1.3rem;margin:2.8rem 0 .4rem;padding-top:1.2rem;border-top:1px solid var(--line)}
p{max-width:75ch;margin:.5rem 0}
a{color:var(--link)}
dl.facts{display:flex;flex-wrap:wrap;gap:.6rem 2rem;background:var(--panel);padding:1rem 1.2rem;border-radius:8px;margin:1.2rem 0}
dl.facts dt{font-size:.8rem;color:var(--soft)}
dl.facts dd{margin:0;font-weight:600}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.93rem}
th,td{text-align:left;padding:.45rem .7rem;border-bottom:1px solid var(--line);vertical-align:middle}
th{color:var(--soft);font-weight:600}
td img{width:56px;height:56px;object-fit:cover;border-radius:4px;display:block}
.bad{color:var(--bad);font-weight:600}
.good{color:var(--good);font-weight:600}
ul.words{max-width:80ch;padding-left:1.2rem}
ul.words li{margin:.3rem 0}
figure{margin:1.2rem 0;overflow-x:auto;background:#fff;border:1px solid var(--line);border-radius:8px;padding:.6rem}
figure img{display:block;max-width:100%;height:auto;margin:0 auto}
figcaption{color:#444b59;font-size:.87rem;padding:.5rem .4rem 0;max-width:95ch}
figcaption a{color:#1f55a5}
details{margin:1rem 0;background:var(--panel);border-radius:8px;padding:.6rem 1.1rem}
summary{cursor:pointer;font-weight:600}
details dt{font-weight:600;margin-top:.6rem}
details dd{margin:0;max-width:85ch}
nav a{margin-right:1.2rem}
)";

std::string tag(const std::string& name, const std::string& text) {
  return "<" + name + ">" + escape_html(text) + "</" + name + ">";
}

std::string facts(const Page& page) {
  std::string html = "<dl class=\"facts\">\n";
  for (const PageFact& fact : page.facts)
    html += "<div>" + tag("dt", fact.name) + tag("dd", fact.value) + "</div>\n";
  return html + "</dl>\n";
}

std::string links(const Page& page) {
  if (page.links.empty()) return "";
  std::string html = "<nav>";
  for (const PageFact& link : page.links) {
    html += "<a href=\"" + escape_html(link.value) + "\">" + escape_html(link.name) + "</a>";
  }
  return html + "</nav>\n";
}

std::string headline(const PageSection& section, const std::string& element) {
  return "<" + element + " class=\"" + (section.alarming ? "bad" : "good") + "\">" +
         escape_html(section.headline) + "</" + element + ">";
}

std::string overview(const Page& page) {
  if (page.sections.empty()) return "";
  std::string html =
      "<div class=\"scroll\"><table>\n<thead><tr><td></td><th>picture</th><th>what happened</th>";
  for (const std::string& column : page.overview_columns) html += tag("th", column);
  html += "</tr></thead>\n<tbody>\n";
  for (const PageSection& section : page.sections) {
    html += "<tr><td><img src=\"" + escape_html(section.thumbnail) + "\" alt=\"\"></td><td><a href=\"#" +
            escape_html(section.id) + "\">" + escape_html(section.title) + "</a></td>" +
            headline(section, "td");
    for (const std::string& cell : section.overview) html += tag("td", cell);
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string glossary(const Page& page) {
  if (page.glossary.empty()) return "";
  std::string html = "<details><summary>What the words mean</summary><dl>\n";
  for (const PageTerm& entry : page.glossary) html += tag("dt", entry.term) + tag("dd", entry.meaning) + "\n";
  return html + "</dl></details>\n";
}

std::string figure(const PageFigure& figure) {
  // A grid of many columns is too small to be read in the page: it leads to itself in full size.
  std::string html = "<figure><a href=\"" + escape_html(figure.png) + "\"><img loading=\"lazy\" src=\"" +
                     escape_html(figure.png) + "\" alt=\"" + escape_html(figure.description) +
                     "\"></a><figcaption>" + escape_html(figure.caption);
  if (!figure.svg.empty()) html += " <a href=\"" + escape_html(figure.svg) + "\">SVG</a>";
  return html + "</figcaption></figure>\n";
}

std::string section(const PageSection& section) {
  std::string html = "<section id=\"" + escape_html(section.id) + "\">" + tag("h2", section.title) + "\n" +
                     headline(section, "p") + "\n<ul class=\"words\">\n";
  for (const std::string& sentence : section.sentences) html += tag("li", sentence) + "\n";
  html += "</ul>\n";
  for (const PageFigure& each : section.figures) html += figure(each);
  return html + "</section>\n";
}

}  // namespace

std::string url_path(const std::string& path) {
  std::string address;
  for (const char c : path)
    address += c == '/' || c == '.' ? std::string(1, c) : escape_file_name(std::string_view(&c, 1));
  return address;
}

std::string escape_html(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string render(const Page& page) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n";
  html += tag("title", page.title) + "\n<style>" + kStyle + "</style>\n</head>\n<body>\n<main>\n";
  html += tag("h1", page.title) + "\n" + tag("p", page.lead) + "\n" + facts(page) + links(page) +
          overview(page) + glossary(page);
  for (const PageSection& each : page.sections) html += section(each);
  return html + "</main>\n</body>\n</html>\n";
}

}  // namespace faultline::report
