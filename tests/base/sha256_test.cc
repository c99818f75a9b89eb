#include "base/sha256.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "temporary_folder.h"

namespace faultline {
namespace {

// FIPS 180-4, examples B.1 and the empty message.
TEST(Sha256, KnownDigests) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, FileAndBytesAgree) {
  const test::TemporaryFolder folder;
  const std::string content(3'000'000, 'x');
  write_file(folder / "f", content);
  EXPECT_EQ(sha256_hex_of_file(folder / "f"), sha256_hex(content));
}

}  // namespace
}  // namespace faultline
