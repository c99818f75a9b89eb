#include "base/sha256.h"

#include <openssl/evp.h>

#include <cerrno>
#include <fstream>
#include <memory>
#include <system_error>
#include <vector>

#include "base/error.h"

namespace faultline {

namespace {

class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    require(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1,
            "sha256: OpenSSL refused");
  }
  void update(const char* bytes, std::size_t count) {
    require(EVP_DigestUpdate(context_.get(), bytes, count) == 1, "sha256: OpenSSL refused");
  }
  std::array<std::uint8_t, 32> finish() {
    std::array<std::uint8_t, 32> digest{};
    require(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1, "sha256: OpenSSL refused");
    return digest;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

Error unreadable(const std::filesystem::path& path) {
  return {ErrorKind::io, "cannot read " + path.string() + ": " + std::generic_category().message(errno)};
}

std::string hex(const std::array<std::uint8_t, 32>& digest) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

}  // namespace

std::array<std::uint8_t, 32> sha256(std::string_view bytes) {
  Digest digest;
  digest.update(bytes.data(), bytes.size());
  return digest.finish();
}

std::string sha256_hex(std::string_view bytes) {
  return hex(sha256(bytes));
}

std::string sha256_hex_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw unreadable(path);
  Digest digest;
  std::vector<char> buffer(1U << 20U);
  do {
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    digest.update(buffer.data(), static_cast<std::size_t>(file.gcount()));
  } while (file);
  if (file.bad()) throw unreadable(path);
  return hex(digest.finish());
}

}  // namespace faultline
