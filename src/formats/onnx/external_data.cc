#include "formats/onnx/external_data.h"

#include <charconv>

#include "base/error.h"

namespace faultline::formats {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const ExternalLocation& where, const std::string& what) {
  throw Error(ErrorKind::model,
              "tensor '" + where.tensor + "' has its data in '" + where.file + "', " + what);
}

std::uint64_t number(const ExternalLocation& where, const std::string& text, std::uint64_t missing) {
  if (text.empty()) return missing;
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size())
    refuse(where, "at '" + text + "', expected a number of bytes");
  return value;
}

fs::path locate(const ExternalLocation& where, const fs::path& folder) {
  if (folder.empty()) refuse(where, "but the model is not read from a folder");
  const fs::path relative(where.file);
  if (where.file.empty() || relative.is_absolute())
    refuse(where, "expected a path relative to the model's folder");
  std::error_code code;
  const fs::path root = fs::canonical(folder, code);
  if (code) refuse(where, "but the model's folder cannot be read: " + code.message());
  // The spelling first, so that nothing outside is even looked at; then symbolic links.
  if (const fs::path plain = relative.lexically_normal(); *plain.begin() == "..")
    refuse(where, "which is outside the model's folder");
  fs::path file = fs::canonical(root / relative, code);
  if (code) refuse(where, "which cannot be read: " + code.message());
  if (*file.lexically_relative(root).begin() == "..") refuse(where, "which is outside the model's folder");
  if (!fs::is_regular_file(file)) refuse(where, "which is not a file");
  return file;
}

}  // namespace

RawBytes ExternalFiles::bytes_of(const ExternalLocation& where, std::size_t bytes) {
  const fs::path path = locate(where, folder_);
  const std::uint64_t offset = number(where, where.offset, 0);
  const std::uint64_t length = number(where, where.length, bytes);
  if (length != bytes)
    refuse(where, std::to_string(length) + " bytes, expected " + std::to_string(bytes) + " for its shape");
  std::shared_ptr<const MappedFile>& file = files_[path];
  if (!file) file = std::make_shared<const MappedFile>(path);
  const std::string_view content = file->bytes();
  if (offset > content.size() || content.size() - offset < bytes) {
    refuse(where, "which is truncated: " + std::to_string(content.size()) + " bytes, expected at least " +
                      std::to_string(bytes) + " from byte " + std::to_string(offset) + " on");
  }
  return {content.substr(offset, bytes), file};
}

std::vector<std::shared_ptr<const MappedFile>> ExternalFiles::files() const {
  std::vector<std::shared_ptr<const MappedFile>> files;
  for (const auto& [path, file] : files_) files.push_back(file);
  return files;
}

}  // namespace faultline::formats
