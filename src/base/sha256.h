#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace faultline {

// The SHA-256 digest of some bytes, and its 64 lower-case hexadecimal digits.
std::array<std::uint8_t, 32> sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);

// The digest of a file's content, in hexadecimal. Throws Error{io} if it cannot be read.
std::string sha256_hex_of_file(const std::filesystem::path& path);

}  // namespace faultline
