#include "study/image_set.h"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "base/error.h"
#include "base/sha256.h"
#include "study/csv_table.h"
#include "study/image_list.h"

namespace faultline::study {

namespace fs = std::filesystem;

ImageSet::ImageSet(std::vector<ListedImage> images) : images_(std::move(images)) {
  std::map<std::string, int> copies;
  for (const ListedImage& image : images_) {
    std::string hash;
    try {
      hash = sha256_hex_of_file(image.file);
    } catch (const Error&) {
      hash = "unread-" + sha256_hex(image.file.string());  // the study says why it cannot be read
    }
    const int copy = ++copies[hash];
    ids_.push_back(copy == 1 ? hash : fmt::format("{}#{}", hash, copy));
    hashes_.push_back(std::move(hash));
  }
}

std::vector<std::size_t> ImageSet::sample(std::size_t count) const {
  std::vector<std::size_t> order(size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return ids_[i]; });
  order.resize(std::min(count, order.size()));
  std::ranges::sort(order);
  return order;
}

std::string ImageSet::list_hash() const {
  std::string text;
  for (std::size_t i = 0; i < size(); ++i) {
    text += ids_[i] + "\t" + images_[i].file.filename().string() + "\t" +
            (images_[i].true_class ? std::to_string(*images_[i].true_class) : "") + "\t" +
            (images_[i].perturbed ? images_[i].perturbed->filename().string() : "") + "\n";
  }
  return sha256_hex(text);
}

namespace {

// Case and the characters that stand for a space do not matter.
std::string plain(std::string_view name) {
  std::string text;
  for (const char c : name)
    text += c == '_' || c == '-' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// The class that each folder is called like, if that fits all of them.
std::map<std::string, int> classes_by_name(const std::set<std::string>& folders,
                                           const std::vector<std::string>& labels) {
  std::map<std::string, int> classes;
  for (const std::string& folder : folders) {
    const auto label = std::ranges::find(labels, plain(folder), plain);
    if (label == labels.end()) return {};
    classes[folder] = static_cast<int>(label - labels.begin());
  }
  return classes;
}

std::vector<ListedImage> of_folder(const fs::path& root, const std::vector<std::string>& labels) {
  std::vector<ListedImage> images;
  std::set<std::string> folders;
  bool has_loose_pictures = false;
  const auto folder_of = [&](const fs::path& file) {
    const fs::path relative = file.lexically_relative(root);
    const std::string text = relative.string();
    const std::size_t slash = text.find('/');
    return slash == std::string::npos ? std::string() : text.substr(0, slash);
  };
  for (const fs::path& file : list_images({root.string()})) {
    images.push_back({.file = file});
    if (folder_of(file).empty()) {
      has_loose_pictures = true;
    } else {
      folders.insert(folder_of(file));
    }
  }
  if (has_loose_pictures || labels.empty()) return images;
  std::map<std::string, int> classes = classes_by_name(folders, labels);
  if (classes.empty() && folders.size() == labels.size()) {
    for (const std::string& folder : folders) classes.emplace(folder, static_cast<int>(classes.size()));
  }
  if (classes.empty()) return images;
  for (ListedImage& image : images) image.true_class = classes.at(folder_of(image.file));
  return images;
}

// Relative paths are meant from the table's folder.
std::vector<ListedImage> of_table(const fs::path& file, int classes) {
  const CsvTable table(file);
  const std::size_t image_column = table.column("file");
  const auto class_column = table.find_column("class_index");
  const auto perturbed_column = table.find_column("perturbed");
  const auto path_of = [&](std::size_t row, std::size_t column) {
    if (table.at(row, column).empty())
      throw Error(ErrorKind::usage, table.place(row) + ": an empty file name");
    return file.parent_path() / table.at(row, column);
  };
  std::vector<ListedImage> images;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    ListedImage image{.file = path_of(row, image_column)};
    if (class_column && !table.at(row, *class_column).empty())
      image.true_class = parse_class_index(table.place(row), table.at(row, *class_column), classes);
    if (perturbed_column) image.perturbed = path_of(row, *perturbed_column);
    images.push_back(std::move(image));
  }
  if (images.empty()) throw Error(ErrorKind::usage, file.string() + ": no rows");
  return images;
}

// The files that a pattern with *, ? or [] fits, sorted.
std::vector<std::string> matches(const std::string& pattern) {
  glob_t found{};
  const int code = glob(pattern.c_str(), 0, nullptr, &found);
  std::vector<std::string> files;
  for (std::size_t i = 0; code == 0 && i < found.gl_pathc; ++i) files.emplace_back(found.gl_pathv[i]);
  globfree(&found);
  return files;
}

}  // namespace

std::vector<ListedImage> list_study_images(const std::vector<std::string>& arguments,
                                           const std::vector<std::string>& labels, int classes) {
  std::vector<ListedImage> images;
  const auto append = [&](std::vector<ListedImage> more) {
    std::ranges::move(more, std::back_inserter(images));
  };
  for (const std::string& argument : arguments) {
    std::error_code ignored;
    const fs::path path(argument);
    if (fs::is_directory(path, ignored)) {
      append(of_folder(path, labels));
    } else if (path.extension() == ".csv") {
      append(of_table(path, classes));
    } else if (fs::exists(path, ignored)) {
      images.push_back({.file = path});
    } else if (const auto files = matches(argument); !files.empty()) {
      for (const fs::path& file : list_images(files)) images.push_back({.file = file});
    } else {
      throw Error(ErrorKind::image, argument + ": no such file or folder, and no files that fit it");
    }
  }
  return images;
}

}  // namespace faultline::study
