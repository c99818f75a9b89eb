#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace faultline::formats {

// A file's content without a copy of it in memory. It changes if someone writes into the file (replacing it
// by another of the same name does not matter); reading what was cut off raises SIGBUS.
class MappedFile {
 public:
  // Throws Error{io} naming the file if it is missing, a folder or unreadable.
  explicit MappedFile(std::filesystem::path path);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::string_view bytes() const { return {data_, size_}; }

  // Throws Error{io} naming the file if it was written to since it was opened.
  void check_unchanged() const;

 private:
  std::filesystem::path path_;
  int file_ = -1;
  std::int64_t changed_ns_ = 0;  // when, by the file's own record
  char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace faultline::formats
