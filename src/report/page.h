#pragma once

#include <string>
#include <vector>

namespace faultline::report {

// A figure on a page: paths relative to the page. `svg` may be empty.
struct PageFigure {
  std::string png;
  std::string svg;
  std::string caption;      // what it shows and how to read it
  std::string description;  // for screen readers
};

// What is said of one picture.
struct PageSection {
  std::string id;                      // anchor, unique on the page
  std::string title;                   // the file's name
  std::string thumbnail;               // picture file, relative to the page
  std::string headline;                // one line, also in the overview
  bool alarming = false;               // whether the headline is one to worry about
  std::vector<std::string> overview;   // cells of the overview row, as many as Page::overview_columns
  std::vector<std::string> sentences;  // the verdict in words
  std::vector<PageFigure> figures;
};

struct PageTerm {
  std::string term;
  std::string meaning;
};

struct PageFact {
  std::string name;
  std::string value;
};

// A static page: it opens from disk, loads nothing from a network and needs no script.
struct Page {
  std::string title;
  std::string lead;  // one paragraph: what this is
  std::vector<PageFact> facts;
  std::vector<std::string> overview_columns;
  std::vector<PageSection> sections;
  std::vector<PageTerm> glossary;
  std::vector<PageFact> links;  // name and relative address of other pages or files
};

// All text is escaped.
std::string render(const Page& page);

// A relative path as an address: "%" and other bytes with a meaning in addresses become %XX; "/" and "."
// stay.
std::string url_path(const std::string& path);

// "&", "<", ">" and quotes as entities.
std::string escape_html(const std::string& text);

}  // namespace faultline::report
