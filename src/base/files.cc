#include "base/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace faultline {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const std::string& what, const fs::path& path, int code) {
  throw Error(ErrorKind::io, what + " " + path.string() + ": " + std::generic_category().message(code));
}

// Closes when it goes.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const { return value_; }

 private:
  int value_;
};

// Returns 0, or errno of the first failing call.
int write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  throw ContractError("unescape_file_name: not an escaped name");
}

}  // namespace

std::string read_file(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail("cannot open", path, errno);
  std::string content;
  std::error_code ignored;
  if (const auto size = fs::file_size(path, ignored); !ignored) content.reserve(size);
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("cannot read", path, errno);
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
  }
}

GrowingFile::GrowingFile(fs::path path) : path_(std::move(path)), temporary_(path_) {
  temporary_ += ".partial-" + std::to_string(::getpid());
  file_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file_ < 0) fail("cannot write", path_, errno);
}

GrowingFile::~GrowingFile() {
  if (file_ < 0) return;
  ::close(file_);
  ::unlink(temporary_.c_str());
}

void GrowingFile::append(std::string_view content) {
  if (const int code = write_all(file_, content); code != 0) fail("cannot write", path_, code);
}

void GrowingFile::finish() {
  // Closed first, so that an error of the final flush is seen.
  int code = ::close(std::exchange(file_, -1)) == 0 ? 0 : errno;
  if (code == 0 && ::rename(temporary_.c_str(), path_.c_str()) != 0) code = errno;
  if (code == 0) return;
  ::unlink(temporary_.c_str());
  fail("cannot write", path_, code);
}

void write_file(const fs::path& path, std::string_view content) {
  GrowingFile file(path);
  file.append(content);
  file.finish();
}

void make_folder(const fs::path& path) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code) throw Error(ErrorKind::io, "cannot make folder " + path.string() + ": " + code.message());
  if (!fs::is_directory(path)) throw Error(ErrorKind::io, path.string() + " is a file, expected a folder");
}

std::string escape_file_name(std::string_view name) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : name) {
    if (is_plain(c) && !(c == '.' && escaped.empty())) {
      escaped += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      escaped += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
  }
  return escaped;
}

std::string unescape_file_name(std::string_view escaped) {
  std::string name;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] != '%') {
      name += escaped[i];
      continue;
    }
    require(i + 2 < escaped.size(), "unescape_file_name: not an escaped name");
    name += static_cast<char>(16 * hex_digit(escaped[i + 1]) + hex_digit(escaped[i + 2]));
    i += 2;
  }
  return name;
}

}  // namespace faultline
