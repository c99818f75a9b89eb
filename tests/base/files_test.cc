#include "base/files.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace faultline {
namespace {

TEST(Files, WritesWhatItReads) {
  const test::TemporaryFolder folder;
  const std::string content("a\0b\n", 4);
  write_file(folder / "f", content);
  EXPECT_EQ(read_file(folder / "f"), content);
  write_file(folder / "f", "");
  EXPECT_EQ(read_file(folder / "f"), "");
}

TEST(Files, AGrowingFileIsThereOnceItIsFinished) {
  const test::TemporaryFolder folder;
  const auto entries = [&] { return std::distance(std::filesystem::directory_iterator(folder.path()), {}); };
  {
    GrowingFile file(folder / "f");
    file.append("a");
    EXPECT_FALSE(std::filesystem::exists(folder / "f"));
    file.append("b");
    file.finish();
  }
  EXPECT_EQ(read_file(folder / "f"), "ab");
  { GrowingFile(folder / "abandoned").append("a"); }
  EXPECT_EQ(entries(), 1);
  test::expect_error([&] { GrowingFile(folder / "no/f"); }, ErrorKind::io, "no/f");
  std::filesystem::create_directory(folder / "taken");
  GrowingFile taken(folder / "taken");
  test::expect_error([&] { taken.finish(); }, ErrorKind::io, "taken");
  EXPECT_EQ(entries(), 2);
}

TEST(Files, FailureNamesTheFileAndLeavesNothing) {
  const test::TemporaryFolder folder;
  test::expect_error([&] { read_file(folder / "absent"); }, ErrorKind::io, "absent");
  test::expect_error([&] { read_file(folder.path()); }, ErrorKind::io, folder.path().string());
  test::expect_error([&] { write_file(folder / "no/f", "x"); }, ErrorKind::io, "no/f");
  std::filesystem::create_directory(folder / "taken");
  test::expect_error([&] { write_file(folder / "taken", "x"); }, ErrorKind::io, "taken");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(Files, MakesFoldersUnlessAFileIsInTheWay) {
  const test::TemporaryFolder folder;
  make_folder(folder / "a/b");
  EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b"));
  write_file(folder / "file", "x");
  test::expect_error([&] { make_folder(folder / "file"); }, ErrorKind::io, "file");
  test::expect_error([&] { make_folder(folder / "file/below"); }, ErrorKind::io, "below");
}

TEST(Files, EscapesNamesReversibly) {
  EXPECT_EQ(escape_file_name("block1_conv1"), "block1_conv1");
  EXPECT_EQ(escape_file_name("fire2/squeeze 1x1"), "fire2%2Fsqueeze%201x1");
  EXPECT_EQ(escape_file_name("../x"), "%2E.%2Fx");
  for (const std::string name : {"a/b", "%41", "..", "é:\n", "plain"}) {
    EXPECT_EQ(unescape_file_name(escape_file_name(name)), name);
  }
}

}  // namespace
}  // namespace faultline
