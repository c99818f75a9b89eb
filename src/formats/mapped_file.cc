#include "formats/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/error.h"

namespace faultline::formats {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int code) {
  throw Error(ErrorKind::io, "cannot read " + path.string() + ": " + std::generic_category().message(code));
}

std::int64_t change_time(const struct stat& status) {
  return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

}  // namespace

MappedFile::MappedFile(std::filesystem::path path) : path_(std::move(path)) {
  file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0) fail(path_, errno);
  struct stat status {};
  int code = ::fstat(file_, &status) == 0 ? 0 : errno;
  if (code == 0 && !S_ISREG(status.st_mode)) code = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
  changed_ns_ = change_time(status);
  size_ = code == 0 ? static_cast<std::size_t>(status.st_size) : 0;
  if (size_ > 0) {
    void* const data = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file_, 0);
    code = data == MAP_FAILED ? errno : 0;
    data_ = static_cast<char*>(data);
  }
  if (code == 0) return;
  ::close(file_);
  fail(path_, code);
}

MappedFile::~MappedFile() {
  if (size_ > 0) ::munmap(data_, size_);
  ::close(file_);
}

void MappedFile::check_unchanged() const {
  struct stat status {};
  if (::fstat(file_, &status) != 0) fail(path_, errno);
  if (change_time(status) == changed_ns_ && static_cast<std::size_t>(status.st_size) == size_) return;
  throw Error(ErrorKind::io, path_.string() +
                                 " was written to while it was in use: what was computed since then " +
                                 "is not this model's");
}

}  // namespace faultline::formats
