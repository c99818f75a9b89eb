#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace faultline {

// The whole content of a file. Throws Error{io} naming the file and the reason if it is missing, a folder or
// unreadable.
std::string read_file(const std::filesystem::path& path);

// Writes a file so that it is complete or absent: to a temporary name beside it, flushed, then renamed over
// it. Throws Error{io} naming the file and the reason (full disk, permission, missing folder); nothing is
// left behind then.
void write_file(const std::filesystem::path& path, std::string_view content);

// A file that is written piece by piece, and complete or absent like write_file's: under a temporary name
// until finish(); without it nothing is left behind.
class GrowingFile {
 public:
  // Each throws Error{io} naming the file and the reason.
  explicit GrowingFile(std::filesystem::path path);
  void append(std::string_view content);
  void finish();  // the last call

  GrowingFile(const GrowingFile&) = delete;
  GrowingFile& operator=(const GrowingFile&) = delete;
  ~GrowingFile();

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int file_ = -1;
};

// Makes a folder and its parents. Throws Error{io} if that fails or if a file of that name is in the way.
void make_folder(const std::filesystem::path& path);

// A name that is safe as one path component, reversibly: every byte other than letters, digits, '_', '-', '.'
// and a leading '.' become %XX. Node names such as "fire2/squeeze" become "fire2%2Fsqueeze".
std::string escape_file_name(std::string_view name);
std::string unescape_file_name(std::string_view escaped);

}  // namespace faultline
