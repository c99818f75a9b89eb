#include "study/image_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/error.h"
#include "base/files.h"
#include "temporary_folder.h"

namespace faultline::study {
namespace {

using testing::HasSubstr;

// Pictures are not decoded here: any content will do.
class OfFiles : public testing::Test {
 protected:
  std::filesystem::path put(const std::string& name, const std::string& content = "x") {
    const std::filesystem::path path = folder_ / name;
    make_folder(path.parent_path());
    write_file(path, content);
    return path;
  }
  std::vector<ListedImage> list(const std::string& name) {
    return list_study_images({(folder_ / name).string()}, {"cat", "garbage truck"}, 2);
  }
  static std::vector<std::optional<int>> truth(const std::vector<ListedImage>& images) {
    std::vector<std::optional<int>> classes;
    for (const ListedImage& image : images) classes.push_back(image.true_class);
    return classes;
  }
  std::string refusal(const std::string& name) {
    try {
      list(name);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  const test::TemporaryFolder folder_;
};

TEST_F(OfFiles, SubFoldersTellTheClassByTheirNames) {
  put("set/Garbage_Truck/a.jpg");
  put("set/cat/deep/b.png");
  EXPECT_EQ(truth(list("set")), (std::vector<std::optional<int>>{1, 0}));
}

TEST_F(OfFiles, SubFoldersTellTheClassByTheirNumber) {
  put("set/n001/a.jpg");
  put("set/n002/b.jpg");
  EXPECT_EQ(truth(list("set")), (std::vector<std::optional<int>>{0, 1}));
}

TEST_F(OfFiles, OtherFoldersTellNothing) {
  put("three/n1/a.jpg");
  put("three/n2/b.jpg");
  put("three/cat/c.jpg");
  EXPECT_EQ(truth(list("three")), (std::vector<std::optional<int>>(3)));
  put("loose/cat/a.jpg");
  put("loose/b.jpg");
  EXPECT_EQ(truth(list("loose")), (std::vector<std::optional<int>>(2)));
}

TEST_F(OfFiles, TablesHoldFilesClassesAndPerturbedInputs) {
  put("table.csv", "class_index,file,perturbed\n1,pictures/a.jpg,p/a.npy\n,\"b, c.jpg\",p/b.npy\n");
  const auto images = list("table.csv");
  ASSERT_EQ(images.size(), 2U);
  EXPECT_EQ(images[0].file, folder_ / "pictures/a.jpg") << "relative to the table";
  EXPECT_EQ(images[0].perturbed, folder_ / "p/a.npy");
  EXPECT_EQ(images[1].file, folder_ / "b, c.jpg");
  EXPECT_EQ(truth(images), (std::vector<std::optional<int>>{1, std::nullopt}));
}

TEST_F(OfFiles, WhatMeansNothingIsRefused) {
  put("wrong.csv", "file,class_index\na.jpg,2\n");
  EXPECT_THAT(refusal("wrong.csv"), HasSubstr("wrong.csv, line 2: class index '2', expected 0 to 1"));
  put("short.csv", "file,class_index\na.jpg\n");
  EXPECT_THAT(refusal("short.csv"), HasSubstr("short.csv, line 2: 1 fields, expected 2"));
  put("other.csv", "path\na.jpg\n");
  EXPECT_THAT(refusal("other.csv"), HasSubstr("no column 'file', only path"));
  put("empty.csv", "file\n");
  EXPECT_THAT(refusal("empty.csv"), HasSubstr("no rows"));
  EXPECT_THAT(refusal("nothing"), HasSubstr("no such file or folder"));
  EXPECT_THAT(refusal("*.webp"), HasSubstr("no files that fit it"));
}

TEST_F(OfFiles, GlobsAreSorted) {
  put("b1.png");
  put("b0.png");
  put("c.png");
  const auto images = list("b?.png");
  ASSERT_EQ(images.size(), 2U);
  EXPECT_EQ(images[0].file.filename(), "b0.png");
}

TEST_F(OfFiles, CopiesHaveNamesOfTheirOwn) {
  const auto a = put("a.png", "one");
  const auto b = put("b.png", "two");
  const auto c = put("c.png", "one");
  const ImageSet set({{.file = a}, {.file = b}, {.file = c}, {.file = folder_ / "missing.png"}});
  EXPECT_EQ(set.hashes()[0], set.hashes()[2]);
  EXPECT_EQ(set.ids()[2], set.ids()[0] + "#2");
  EXPECT_EQ(std::set<std::string>(set.ids().begin(), set.ids().end()).size(), 4U);
  EXPECT_THAT(set.ids()[3], HasSubstr("unread-"));
}

TEST_F(OfFiles, SamplesDependOnContentsAlone) {
  std::vector<ListedImage> images;
  for (int i = 0; i < 20; ++i) images.push_back({.file = put(std::to_string(i) + ".png", std::to_string(i))});
  const ImageSet set(images);
  const auto chosen = set.sample(5);
  EXPECT_EQ(chosen.size(), 5U);
  std::ranges::reverse(images);
  const ImageSet reversed(images);
  std::set<std::string> ids;
  std::set<std::string> reversed_ids;
  for (const std::size_t i : chosen) ids.insert(set.ids()[i]);
  for (const std::size_t i : reversed.sample(5)) reversed_ids.insert(reversed.ids()[i]);
  EXPECT_EQ(ids, reversed_ids);
  const auto more = set.sample(9);
  EXPECT_TRUE(std::ranges::is_sorted(more));
  EXPECT_TRUE(std::ranges::includes(more, chosen));
  EXPECT_EQ(set.sample(100).size(), 20U);
  EXPECT_NE(set.list_hash(), reversed.list_hash());
}

TEST(Shard, PartsCoverTheListOnce) {
  for (std::size_t i = 0; i < 10; ++i) {
    int holders = 0;
    for (int index = 1; index <= 3; ++index) holders += Shard{.index = index, .count = 3}.holds(i) ? 1 : 0;
    EXPECT_EQ(holders, 1);
  }
}

}  // namespace
}  // namespace faultline::study
