// analyze reads pictures before and writes their figures behind the analysis: nothing of that may show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "base/files.h"
#include "cli/documents.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "temporary_folder.h"

namespace faultline::test {
namespace {

using Contents = std::map<std::string, std::string>;

// An SVG without the numbers that cairo gives to the surfaces of a process, those of other pictures counted.
std::string without_surface_numbers(const std::string& svg) {
  const std::string word = "surface";
  std::string kept;
  for (std::size_t i = 0; i < svg.size(); ++i) {
    const bool is_number = svg[i] >= '0' && svg[i] <= '9';
    if (!is_number || !kept.ends_with(word)) kept += svg[i];
  }
  return kept;
}

class Overlap : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 4; ++i) {
      pictures_.push_back((folder_ / (std::string(1, static_cast<char>('a' + i)) + ".png")).string());
      write_picture(pictures_.back(), i);
    }
  }
  std::string broken() const {
    std::ofstream(folder_ / "broken.png") << "no picture";
    return (folder_ / "broken.png").string();
  }
  Outcome analyze(const std::vector<std::string>& pictures, const std::vector<std::string>& more,
                  const RunOptions& options = {}) const {
    std::vector<std::string> words = {"analyze", tiny_model().string()};
    words.insert(words.end(), pictures.begin(), pictures.end());
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {"-o", out_.string(), "--control", "gaussian=2", "--control", "phase=1"});
    std::filesystem::remove_all(out_);
    return run(words, options);
  }
  // Every file that the run wrote.
  Contents written(const std::vector<std::string>& pictures, const std::vector<std::string>& more) const {
    expect_success(analyze(pictures, more));
    Contents contents;
    for (const std::string& name : files_below(out_)) contents[name] = read_file(out_ / name);
    return contents;
  }

  TemporaryFolder folder_;
  std::filesystem::path out_ = folder_ / "out";
  std::vector<std::string> pictures_;
};

TEST_F(Overlap, FilesAreTheSameBytesOnAnyNumberOfThreads) {
  std::vector<std::string> pictures = pictures_;
  pictures.insert(pictures.begin() + 1, broken());
  const Contents one = written(pictures, {"--engine", "reference", "-q", "--threads", "1"});
  EXPECT_EQ(one.size(), 2 + 4 * 4U);
  for (const char* threads : {"2", "3"})
    EXPECT_EQ(written(pictures, {"--engine", "reference", "-q", "--threads", threads}), one) << threads;
}

TEST_F(Overlap, WhatIsSaidOfAPictureDoesNotDependOnTheOthers) {
  const Contents forward = written(pictures_, {"-q"});
  const Contents backward = written({pictures_.rbegin(), pictures_.rend()}, {"-q"});
  const Contents alone = written({pictures_[2]}, {"-q"});
  const Json of_forward = Json::parse(forward.at("analysis.json"))["images"];
  const Json of_backward = Json::parse(backward.at("analysis.json"))["images"];
  for (std::size_t i = 0; i < pictures_.size(); ++i) EXPECT_EQ(of_forward[i], of_backward[3 - i]) << i;
  EXPECT_EQ(Json::parse(alone.at("analysis.json"))["images"][0], of_forward[2]);
  for (const auto& [name, content] : forward) {
    if (!name.starts_with("figures")) continue;
    const std::string expected = without_surface_numbers(content);
    EXPECT_EQ(without_surface_numbers(backward.at(name)), expected) << name;
    if (name.starts_with("figures/c-")) {
      EXPECT_EQ(without_surface_numbers(alone.at(name)), expected) << name;
    }
  }
}

TEST_F(Overlap, AFailingPictureIsReportedInItsPlaceAndLeftOut) {
  const Outcome outcome = analyze({pictures_[0], broken(), pictures_[1]}, {});
  expect_success(outcome);
  EXPECT_THAT(outcome.err, testing::MatchesRegex("analysed 1/3  broken\\.png\n"
                                                 "[^\n]*left out: [^\n]*broken\\.png[^\n]*\n"
                                                 "analysed 2/3  b\\.png\n"
                                                 "analysed 3/3\n"));
  const Json json = Json::parse(read_file(out_ / "analysis.json"));
  ASSERT_EQ(json["images"].size(), 2U);
  EXPECT_EQ(json["images"][1]["file"], pictures_[1]);
  ASSERT_EQ(json["failures"].size(), 1U);
  EXPECT_THAT(read_file(out_ / "index.html"), testing::HasSubstr("broken.png"));
  expect_failure(analyze({broken(), broken()}, {"-q"}), 5, {"broken.png"});
}

TEST_F(Overlap, AFullDiskEndsARunOfManyPictures) {
  for (const std::uint64_t bytes : {300U, 8'000U}) {
    expect_failure(analyze(pictures_, {"-q"}, {.file_size_limit = bytes}), 6,
                   {"cannot write", "File too large"});
    expect_nothing_looks_complete(out_);
  }
}

}  // namespace
}  // namespace faultline::test
