#include "cli/class_option.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

#include "base/error.h"

namespace faultline::cli {

namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

int parse_class(const std::string& option, const std::string& text, const formats::Model& model) {
  int index = -1;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), index);
  const bool number = end == text.data() + text.size() && !text.empty();
  if (number && code == std::errc{} && index >= 0 && index < model.classes) return index;
  if (number)
    throw Error(ErrorKind::usage,
                option + " " + text + ": no such class, expected 0 to " + std::to_string(model.classes - 1));
  const auto& labels = model.manifest.labels;
  if (const auto exact = std::find(labels.begin(), labels.end(), text); exact != labels.end()) {
    return static_cast<int>(exact - labels.begin());
  }
  std::vector<int> fitting;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (lower(labels[i]).find(lower(text)) != std::string::npos) fitting.push_back(static_cast<int>(i));
  }
  if (fitting.size() == 1) return fitting[0];
  std::string message = option + " '" + text + "': ";
  if (fitting.empty())
    throw Error(ErrorKind::usage, message + "no such class, expected an index below " +
                                      std::to_string(model.classes) + " or a label");
  message += std::to_string(fitting.size()) + " labels contain it:";
  for (std::size_t i = 0; i < std::min<std::size_t>(fitting.size(), 8); ++i) {
    message += (i == 0 ? " " : ", ") + labels[static_cast<std::size_t>(fitting[i])] + " (" +
               std::to_string(fitting[i]) + ")";
  }
  throw Error(ErrorKind::usage, message);
}

}  // namespace faultline::cli
