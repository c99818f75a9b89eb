#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace faultline::study {

// One picture of a study, with what is known of it.
struct ListedImage {
  std::filesystem::path file;
  std::optional<int> true_class = {};
  std::optional<std::filesystem::path> perturbed = {};  // made elsewhere
};

// A part of a list, so that several processes may share it: every count-th image from the index-th on.
struct Shard {
  int index = 1;  // 1 ... count
  int count = 1;
  bool holds(std::size_t position) const {
    return position % static_cast<std::size_t>(count) == static_cast<std::size_t>(index - 1);
  }
};

// The pictures of a study, the whole list before a limit or shard, each with a name of its own.
class ImageSet {
 public:
  // Reads every file once, for its hash; one that cannot be read gets a name made of its path.
  explicit ImageSet(std::vector<ListedImage> images);

  const std::vector<ListedImage>& images() const { return images_; }
  std::size_t size() const { return images_.size(); }
  // SHA-256 of each file's content.
  const std::vector<std::string>& hashes() const { return hashes_; }
  // The same, and from the second copy of a file on "#2", ...: names that are each used once.
  const std::vector<std::string>& ids() const { return ids_; }
  // The positions of `count` images, ascending: those whose ids come first. A choice that depends on neither
  // names nor folders, and a larger one holds the smaller.
  std::vector<std::size_t> sample(std::size_t count) const;
  // Of files, classes and perturbed inputs, in order: whether two runs are of the same list.
  std::string list_hash() const;

 private:
  std::vector<ListedImage> images_;
  std::vector<std::string> hashes_;
  std::vector<std::string> ids_;
};

// What a user means by the IMAGES of a study: folders, pictures, globs, and CSV files with the columns `file`
// and, if they like, `class_index` and `perturbed` (a perturbed input made elsewhere); paths are relative to
// the table's folder.
//   labels: names of the classes, in order, or none; with them a folder of sub-folders tells the true
//   classes, if each sub-folder is called like a label (in any case, _ and - for spaces), or if there is one
//   for each class: the k-th by name is then class k.
// Throws Error{image} naming an argument that means nothing, Error{usage} for a table that is no such one.
std::vector<ListedImage> list_study_images(const std::vector<std::string>& arguments,
                                           const std::vector<std::string>& labels, int classes);

}  // namespace faultline::study
