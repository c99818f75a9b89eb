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

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail(path, errno);
  struct stat status {};
  int code = ::fstat(file, &status) == 0 ? 0 : errno;
  if (code == 0 && !S_ISREG(status.st_mode)) code = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
  size_ = code == 0 ? static_cast<std::size_t>(status.st_size) : 0;
  if (size_ > 0) {
    void* const data = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    code = data == MAP_FAILED ? errno : 0;
    data_ = static_cast<char*>(data);
  }
  ::close(file);
  if (code != 0) fail(path, code);
}

MappedFile::~MappedFile() {
  if (size_ > 0) ::munmap(data_, size_);
}

}  // namespace faultline::formats
