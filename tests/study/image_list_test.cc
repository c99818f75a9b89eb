#include "study/image_list.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace faultline::study {
namespace {

namespace fs = std::filesystem;
using test::expect_error;

class ImageList : public testing::Test {
 protected:
  std::string touch(const std::string& name) const {
    const fs::path path = folder_.path() / name;
    fs::create_directories(path.parent_path());
    write_file(path, "");
    return path.string();
  }
  std::string table(const std::string& content) const {
    write_file(folder_ / "truth.csv", content);
    return (folder_ / "truth.csv").string();
  }

  test::TemporaryFolder folder_;
};

TEST_F(ImageList, TakesPicturesBelowFoldersSortedAndFilesAsTheyAre) {
  const std::string b = touch("in/b.JPG");
  const std::string a = touch("in/sub/a.png");
  const std::string z = touch("in/z.webp");
  const std::string odd = touch("odd.bin");
  touch("in/readme.txt");
  touch("in/picture.jpg.json");
  EXPECT_EQ(list_images({odd, (folder_ / "in").string(), z}), (std::vector<fs::path>{odd, b, a, z, z}));
}

TEST_F(ImageList, NamesWhatIsMissingOrEmpty) {
  expect_error([&] { list_images({(folder_ / "none.jpg").string()}); }, ErrorKind::image, "none.jpg");
  touch("bare/readme.txt");
  expect_error([&] { list_images({(folder_ / "bare").string()}); }, ErrorKind::image, "bare");
}

TEST_F(ImageList, ReadsTrueClassesFromATable) {
  const std::string source = table(
      "\"class_index\",note,file\r\n"
      "3,\"one, \"\"two\"\"\",deep/a.png\r\n"
      "\r\n"
      "0,\"x\",\"b,c.png\"\r\n");
  EXPECT_EQ(true_classes(source, {"/elsewhere/b,c.png", "a.png", "x/a.png"}, 4), (std::vector<int>{0, 3, 3}));
}

TEST_F(ImageList, TellsFilesOfOneNameApartByTheirFolders) {
  const std::string source = table("file,class_index\ntrain/cat/1.png,0\ntrain/dog/1.png,1\n");
  EXPECT_EQ(true_classes(source, {"/data/train/dog/1.png", "cat/1.png"}, 2), (std::vector<int>{1, 0}));
  expect_error([&] { true_classes(source, {"1.png"}, 2); }, ErrorKind::usage, "1.png");
}

TEST_F(ImageList, NamesWhatIsWrongWithATable) {
  const std::vector<fs::path> files = {"a.png"};
  const auto refused = [&](const std::string& content, const std::string& part) {
    expect_error([&] { true_classes(table(content), files, 10); }, ErrorKind::usage, part);
  };
  refused("", "empty, expected a line that names columns");
  refused("file,index\na.png,1\n", "no column 'class_index'");
  refused("file,class_index\nb.png,1\n", "a.png");
  refused("file,class_index\na.png,10\n", "'10', expected 0 to 9");
  refused("file,class_index\na.png,-1\n", "'-1'");
  refused("file,class_index\na.png,1.5\n", "'1.5'");
  refused("file,class_index\na.png,\n", "''");
  refused("file,class_index\na.png\n", "line 2: 1 fields, expected 2");
}

TEST_F(ImageList, TakesFoldersInTheirOrderForClasses) {
  EXPECT_EQ(true_classes("folders", {"d/dog/1.png", "d/cat/1.png", "d/dog/2.png"}, 2),
            (std::vector<int>{1, 0, 1}));
  expect_error([] { true_classes("folders", {"d/dog/1.png"}, 2); }, ErrorKind::usage, "1 folder");
}

}  // namespace
}  // namespace faultline::study
