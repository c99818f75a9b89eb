#include "study/image_list.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "base/error.h"
#include "study/csv_table.h"

namespace faultline::study {

namespace fs = std::filesystem;

namespace {

bool is_picture(const fs::path& path) {
  static constexpr std::array kExtensions = {".jpg", ".jpeg", ".png", ".webp", ".ppm", ".pgm", ".pnm"};
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

std::vector<fs::path> pictures_below(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code code;
  for (fs::recursive_directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    if (it->is_regular_file() && is_picture(it->path())) found.push_back(it->path());
  }
  if (code) throw Error(ErrorKind::image, "cannot read folder " + folder.string() + ": " + code.message());
  if (found.empty())
    throw Error(ErrorKind::image, "no pictures (.jpg, .png, .webp, .ppm) in folder " + folder.string());
  std::sort(found.begin(), found.end());
  return found;
}

struct TrueClass {
  fs::path file;
  int class_index = 0;
};

// File name -> the rows that may be about it.
std::map<std::string, std::vector<TrueClass>> read_csv(const std::string& source, int classes) {
  const CsvTable table(source);
  const std::size_t file = table.column("file");
  const std::size_t index = table.column("class_index");
  std::map<std::string, std::vector<TrueClass>> rows;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const fs::path path(table.at(row, file));
    rows[path.filename().string()].push_back(
        {path, parse_class_index(table.place(row), table.at(row, index), classes)});
  }
  return rows;
}

// How many components two paths share, from the file name upwards.
std::ptrdiff_t common_end(const fs::path& a, const fs::path& b) {
  const std::vector<fs::path> first(a.begin(), a.end());
  const std::vector<fs::path> second(b.begin(), b.end());
  return std::mismatch(first.rbegin(), first.rend(), second.rbegin(), second.rend()).first - first.rbegin();
}

// The class of the row whose path ends most like the file's.
int best_class(const std::string& source, const fs::path& file, const std::vector<TrueClass>& rows) {
  std::ptrdiff_t longest = 0;
  std::set<int> classes;
  for (const TrueClass& row : rows) {
    const std::ptrdiff_t length = common_end(row.file, file);
    if (length > longest) classes.clear();
    longest = std::max(longest, length);
    if (length == longest) classes.insert(row.class_index);
  }
  if (classes.size() > 1) {
    throw Error(ErrorKind::usage, source + ": several rows of different classes fit " + file.string() +
                                      ", expected paths that tell them apart");
  }
  return *classes.begin();
}

std::vector<int> classes_of_folders(const std::vector<fs::path>& files, int classes) {
  std::set<std::string> names;
  for (const fs::path& file : files) names.insert(file.parent_path().filename().string());
  if (static_cast<int>(names.size()) != classes) {
    throw Error(ErrorKind::usage, "the pictures lie in " + std::to_string(names.size()) +
                                      " folders, expected one for each of the " + std::to_string(classes) +
                                      " classes");
  }
  std::vector<int> result;
  for (const fs::path& file : files) {
    result.push_back(
        static_cast<int>(std::distance(names.begin(), names.find(file.parent_path().filename().string()))));
  }
  return result;
}

}  // namespace

int parse_class_index(const std::string& where, const std::string& text, int classes) {
  int value = -1;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size() || value < 0 || value >= classes) {
    throw Error(ErrorKind::usage,
                where + ": class index '" + text + "', expected 0 to " + std::to_string(classes - 1));
  }
  return value;
}

std::vector<fs::path> list_images(const std::vector<std::string>& arguments) {
  std::vector<fs::path> files;
  for (const std::string& argument : arguments) {
    std::error_code ignored;
    if (fs::is_directory(argument, ignored)) {
      const auto below = pictures_below(argument);
      files.insert(files.end(), below.begin(), below.end());
    } else if (fs::exists(argument, ignored)) {
      files.emplace_back(argument);
    } else {
      throw Error(ErrorKind::image, argument + ": no such file or folder");
    }
  }
  return files;
}

std::vector<int> true_classes(const std::string& source, const std::vector<fs::path>& files, int classes) {
  if (source == "folders") return classes_of_folders(files, classes);
  const auto rows = read_csv(source, classes);
  std::vector<int> result;
  for (const fs::path& file : files) {
    const auto found = rows.find(file.filename().string());
    if (found == rows.end())
      throw Error(ErrorKind::usage, source + ": no row for " + file.filename().string());
    result.push_back(best_class(source, file, found->second));
  }
  return result;
}

}  // namespace faultline::study
