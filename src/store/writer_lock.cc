#include "store/writer_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace faultline::store {

namespace {

[[noreturn]] void refuse_lock(const std::filesystem::path& path, int code) {
  throw Error(ErrorKind::io, "cannot lock " + path.string() + ": " + std::generic_category().message(code));
}

// Whether the name still means the open file: its last holder may have removed it before we got the lock.
bool still_named(const std::filesystem::path& path, int file) {
  struct stat named {};
  struct stat opened {};
  return ::stat(path.c_str(), &named) == 0 && ::fstat(file, &opened) == 0 && named.st_ino == opened.st_ino &&
         named.st_dev == opened.st_dev;
}

std::string holder_of(int file) {
  char text[32];
  const ssize_t got = ::pread(file, text, sizeof text, 0);
  return got > 0 ? " (" + std::string(text, static_cast<std::size_t>(got)) + ")" : "";
}

// The descriptor of the locked file.
int lock_file(const std::filesystem::path& path) {
  for (;;) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) refuse_lock(path, errno);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
      const int code = errno;
      const std::string holder = holder_of(file);
      ::close(file);
      if (code == EINTR) continue;
      if (code != EWOULDBLOCK) refuse_lock(path, code);
      throw Error(ErrorKind::io, "cannot write to " + path.parent_path().string() + ": another process" +
                                     holder + " writes to it");
    }
    if (still_named(path, file)) return file;
    ::close(file);
  }
}

}  // namespace

WriterLock::WriterLock(const std::filesystem::path& folder)
    : path_(folder / "run.lock"), file_(lock_file(path_)) {
  const std::string id = std::to_string(::getpid());
  // For the message to another writer only: on a full disk the lock holds all the same.
  [[maybe_unused]] const int cut = ::ftruncate(file_, 0);
  [[maybe_unused]] const ssize_t written = ::pwrite(file_, id.data(), id.size(), 0);
}

WriterLock::WriterLock(WriterLock&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}

WriterLock::~WriterLock() {
  if (file_ < 0) return;
  ::unlink(path_.c_str());
  ::close(file_);
}

}  // namespace faultline::store
