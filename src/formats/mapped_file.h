#pragma once

#include <filesystem>
#include <string_view>

namespace faultline::formats {

// A file's content without a copy of it in memory. Must not be truncated by others while this lives.
class MappedFile {
 public:
  // Throws Error{io} naming the file if it is missing, a folder or unreadable.
  explicit MappedFile(const std::filesystem::path& path);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::string_view bytes() const { return {data_, size_}; }

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace faultline::formats
