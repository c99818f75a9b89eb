#include "base/base64.h"

#include <openssl/evp.h>

#include "base/error.h"

namespace faultline {

std::string base64(std::span<const std::uint8_t> bytes) {
  // EVP_EncodeBlock counts in int.
  constexpr std::size_t kMost = std::size_t{1} << 30;
  require(bytes.size() <= kMost, "base64: more than 1 GiB");
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // and a final NUL
  const int written = EVP_EncodeBlock(static_cast<unsigned char*>(static_cast<void*>(text.data())),
                                      bytes.data(), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(written));
  return text;
}

}  // namespace faultline
