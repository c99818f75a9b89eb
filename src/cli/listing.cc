#include "cli/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace faultline::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kWidth = 132;        // of a line
constexpr std::size_t kLeastMeaning = 40;  // of the last column, however wide the others are
constexpr std::size_t kIndent = 4;

// One line of the table of parameters.
struct Row {
  std::string name;
  std::string default_value;
  std::string values;
  std::string meaning;
};

std::string values_of(const Parameter& parameter) {
  if (parameter.kind == ParameterKind::choice || parameter.kind == ParameterKind::flag)
    return range_of(parameter);
  return fmt::format("{}, {}", name_of(parameter.kind), range_of(parameter));
}

Row row_of(const Parameter& parameter) {
  const std::string default_value(parameter.default_value.empty() ? "none" : parameter.default_value);
  return {std::string(parameter.name), default_value, values_of(parameter), std::string(parameter.meaning)};
}

// Words in lines of at most `width`, or one word a line where it is longer.
std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines = {""};
  while (!text.empty()) {
    const std::string word(text.substr(0, text.find(' ')));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    std::string& line = lines.back();
    if (line.empty()) {
      line = word;
    } else if (line.size() + 1 + word.size() <= width) {
      line += " " + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

// The columns' widths over all entries, so that tables stand under each other alike.
struct Columns {
  std::size_t name = 0;
  std::size_t default_value = 0;
  std::size_t values = 0;

  void fit(const Row& row) {
    name = std::max(name, row.name.size());
    default_value = std::max(default_value, row.default_value.size());
    values = std::max(values, row.values.size());
  }
  std::size_t before_meaning() const { return kIndent + name + default_value + values + 6; }

  std::string print(const Row& row) const {
    const std::size_t before = before_meaning();
    const std::size_t rest = before + kLeastMeaning < kWidth ? kWidth - before : kLeastMeaning;
    std::string text = fmt::format("{:{}}{:{}}  {:{}}  {:{}}  ", "", kIndent, row.name, name,
                                   row.default_value, default_value, row.values, values);
    const std::vector<std::string> lines = wrapped(row.meaning, rest);
    for (std::size_t i = 0; i < lines.size(); ++i)
      text += (i == 0 ? std::string() : std::string(before, ' ')) + lines[i] + "\n";
    return text;
  }
};

Json parameter_json(const Parameter& parameter) {
  Json json = {{"name", parameter.name},
               {"kind", name_of(parameter.kind)},
               {"default", parameter.default_value},
               {"meaning", parameter.meaning}};
  if (!parameter.choices.empty()) {
    json["choices"] = Json::array();
    for (const std::string_view choice : parameter.choices) json["choices"].push_back(choice);
  } else if (parameter.kind != ParameterKind::flag && parameter.kind != ParameterKind::text) {
    json["least"] = parameter.least;
    json["most"] = std::isfinite(parameter.most) ? Json(parameter.most) : Json(nullptr);
  }
  return json;
}

}  // namespace

std::string listing_text(std::span<const ListedEntry> entries) {
  const Row head = {"PARAMETER", "DEFAULT", "VALUES", "MEANING"};
  Columns columns;
  columns.fit(head);
  for (const ListedEntry& entry : entries) {
    for (const Parameter& parameter : entry.parameters) columns.fit(row_of(parameter));
  }
  std::string text;
  for (const ListedEntry& entry : entries) {
    text += fmt::format("{}{}: {}\n", text.empty() ? "" : "\n", entry.name, entry.summary);
    text += fmt::format("{:{}}{}\n", "", kIndent, entry.source);
    if (entry.parameters.empty()) continue;
    text += columns.print(head);
    for (const Parameter& parameter : entry.parameters) text += columns.print(row_of(parameter));
  }
  return text;
}

nlohmann::ordered_json listing_json(std::span<const ListedEntry> entries) {
  Json list = Json::array();
  for (const ListedEntry& entry : entries) {
    Json parameters = Json::array();
    for (const Parameter& parameter : entry.parameters) parameters.push_back(parameter_json(parameter));
    list.push_back({{"name", entry.name},
                    {"summary", entry.summary},
                    {"source", entry.source},
                    {"parameters", std::move(parameters)}});
  }
  return list;
}

}  // namespace faultline::cli
