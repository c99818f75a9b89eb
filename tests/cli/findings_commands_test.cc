#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/documents.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "temporary_folder.h"

namespace faultline::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// faultline summary and faultline compare, of two studies of the same pictures under different attacks.
class FindingsCommands : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    for (int i = 0; i < 3; ++i) write_picture(*folder_ / (std::to_string(i) + ".png"), i);
    study("pgd", "pgd:steps=3");
    study("fgsm", "fgsm");
  }
  static void TearDownTestSuite() { folder_.reset(); }

  static void study(const std::string& output, const std::string& attack) {
    expect_success(
        run({"study", tiny_model().string(), *folder_ / "*.png", "-o", *folder_ / output, "--attack", attack,
             "--eps", "16/255", "--at", "double,fixed", "--draws", "2", "--twins", "1", "-q"}));
  }
  static Outcome of_pgd(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"summary", *folder_ / "pgd"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  static Outcome both(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"compare", *folder_ / "pgd", *folder_ / "fgsm"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }

  inline static std::unique_ptr<TemporaryFolder> folder_;
};

TEST_F(FindingsCommands, SummaryTellsEveryFindingAndWhatTheAttackDid) {
  const Outcome outcome = of_pgd();
  expect_success(outcome);
  EXPECT_EQ(outcome.err, "");
  for (const char* part : {"3 images studied of 3 listed; 1 twins", "\nF1a ", "\nF1b ", "\nF2 ", "\nF3 ",
                           "\nF4 ", "too few images: ", "What the attacks did", "pgd at 16/255"})
    EXPECT_THAT(outcome.out, HasSubstr(part));
}

TEST_F(FindingsCommands, SummaryPrintsJsonMarkdownAndEveryTable) {
  const Json json = Json::parse(of_pgd({"--json"}).out);
  EXPECT_EQ(json.at("version"), 1);
  EXPECT_EQ(json.at("findings").size(), 5U);
  EXPECT_TRUE(json.at("run").at("finished"));
  EXPECT_THAT(of_pgd({"--markdown"}).out, StartsWith("# Findings\n"));
  std::istringstream tables(of_pgd({"--tables"}).out);
  int count = 0;
  for (std::string line; std::getline(tables, line); ++count) {
    const std::string name = line.substr(0, line.find(' '));
    SCOPED_TRACE(name);
    EXPECT_TRUE(json.at("tables").contains(name));
    const Outcome csv = of_pgd({"--csv", name});
    expect_success(csv);
    EXPECT_EQ(std::ranges::count(csv.out, '\n'), std::ssize(json.at("tables").at(name)) + 1);
  }
  EXPECT_EQ(static_cast<std::size_t>(count), json.at("tables").size());
}

TEST_F(FindingsCommands, CompareMatchesImagesAndStrengths) {
  expect_success(both());
  const Json json = Json::parse(both({"--json"}).out);
  EXPECT_EQ(json.at("common_images"), 3);
  EXPECT_TRUE(json.at("same_model"));
  ASSERT_EQ(json.at("tables").at("success").size(), 2U);
  EXPECT_EQ(json.at("tables").at("success")[1].at("first"), "pgd at 16/255");
  EXPECT_EQ(json.at("tables").at("success")[1].at("second"), "fgsm at 16/255");
  EXPECT_THAT(both({"--csv", "success"}).out, StartsWith("first,second,images,"));
  EXPECT_THAT(both({"--markdown"}).out, StartsWith("# Comparison\n"));
}

// The page's data, which stands in one element.
Json data_of(const std::string& page) {
  const std::string begin = "<script type=\"application/json\" id=\"data\">";
  const std::size_t from = page.find(begin) + begin.size();
  return Json::parse(page.substr(from, page.find("</script>", from) - from));
}

TEST_F(FindingsCommands, ReportHoldsTheSummaryAndThePictures) {
  const Outcome outcome = run({"report", *folder_ / "pgd"});
  expect_success(outcome);
  EXPECT_THAT(outcome.out, StartsWith("Report: "));
  const std::string page = read_file(*folder_ / "pgd/report.html");
  EXPECT_THAT(page, StartsWith("<!doctype html>\n"));
  EXPECT_THAT(page, Not(HasSubstr("src=\"http")));
  const Json data = data_of(page);
  EXPECT_EQ(data.at("summary"), Json::parse(of_pgd({"--json"}).out));
  ASSERT_EQ(data.at("conditions").size(), 2U);
  EXPECT_EQ(data.at("conditions").at(data.at("primary").get<std::size_t>()).at("name"), "pgd at 2 eps*");
  ASSERT_EQ(data.at("exemplars").size(), 3U) << "all are among those by lot";
  for (const Json& exemplar : data.at("exemplars")) {
    ASSERT_EQ(exemplar.at("inputs").size(), 3U);
    for (const Json& input : exemplar.at("inputs"))
      EXPECT_EQ(input.at("maps").size(), data.at("network").at("layers").size());
  }
}

TEST_F(FindingsCommands, ReportWithoutImagesHoldsNone) {
  expect_success(run({"report", *folder_ / "pgd", "-o", *folder_ / "bare.html", "--no-images"}));
  const std::string page = read_file(*folder_ / "bare.html");
  EXPECT_TRUE(data_of(page).at("exemplars").empty());
  expect_failure(run({"report", *folder_ / "pgd", "-o", *folder_ / "no/such/folder.html"}), 6,
                 {"folder.html"});
  expect_failure(run({"report", *folder_ / "none"}), 6, {"none"});
}

TEST_F(FindingsCommands, WhatIsNoRunOrNoTableIsRefused) {
  expect_failure(of_pgd({"--csv", "layers"}), 2, {"--csv layers: no such table", "layer_ranks"});
  expect_failure(of_pgd({"--json", "--markdown"}), 2, {"--json"});
  expect_failure(run({"summary", *folder_ / "none"}), 6, {"none"});
  expect_failure(run({"compare", *folder_ / "pgd", *folder_ / "none"}), 6, {"none"});
  std::filesystem::create_directory(*folder_ / "text");
  write_file(*folder_ / "text/run.sqlite", "this is no database, but long enough to be taken for one");
  expect_failure(run({"summary", *folder_ / "text"}), 6, {"run.sqlite"});
}

}  // namespace
}  // namespace faultline::test
