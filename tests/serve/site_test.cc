#include "serve/site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "expect_error.h"
#include "serve/raw_client.h"
#include "serve/running_server.h"
#include "serve/small_run.h"
#include "temporary_folder.h"

namespace faultline::serve {
namespace {

using Json = nlohmann::ordered_json;
using faultline::test::TemporaryFolder;
using testing::HasSubstr;
using testing::StartsWith;

// A folder of two runs, one with a name that needs escaping, and things that are none.
class SiteOfAFolder : public testing::Test {
 protected:
  void SetUp() override {
    store::Store first = test::begin_run(folder_ / "served/a");
    for (std::int64_t image = 0; image < 2; ++image) test::add_image(first, image);
    const store::Store second = test::begin_run(folder_ / "served/b %&<c");
    const store::Store outside = test::begin_run(folder_ / "outside");
    write_file(folder_ / "served/secret.txt", "secret");
    std::filesystem::create_directory(folder_ / "served/no run");
    std::filesystem::create_directory_symlink(folder_ / "outside", folder_ / "served/link");
    std::filesystem::create_directory(folder_ / "served/half");
    std::filesystem::create_symlink(folder_ / "outside/run.sqlite", folder_ / "served/half/run.sqlite");
    runs_.emplace(folder_ / "served");
  }

  Response ask(const std::string& path) { return Site(*runs_).answer({.method = "GET", .path = path}); }
  int status(const std::string& path) { return ask(path).status; }

  TemporaryFolder folder_;
  std::optional<RunCatalogue> runs_;
};

TEST_F(SiteOfAFolder, ListsRunsAndNothingElse) {
  const Json list = Json::parse(*ask("/api/runs").body);
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].at("name"), "a");
  EXPECT_EQ(list[0].at("images"), 2);
  EXPECT_EQ(list[0].at("finished"), false);
  EXPECT_EQ(list[0].at("model_file"), "net.onnx");
  EXPECT_EQ(list[1].at("name"), "b %&<c");
  EXPECT_EQ(list[1].at("address"), "run/b%20%25%26%3Cc/");
}

TEST_F(SiteOfAFolder, HasPagesAndWhatTheyLoad) {
  for (const char* page : {"/", "/run/a/", "/run/b %&<c/"})
    EXPECT_THAT(ask(page).type, StartsWith("text/html"));
  for (const char* name : {"/report.js", "/serve.js"})
    EXPECT_THAT(ask(name).type, StartsWith("text/javascript"));
  for (const char* name : {"/report.css", "/serve.css"}) EXPECT_THAT(ask(name).type, StartsWith("text/css"));
  EXPECT_EQ(ask("/run/a/api/run").type, "application/json");
  EXPECT_EQ(Json::parse(*ask("/run/a/api/state").body).at("images"), 2);
  EXPECT_EQ(Json::parse(*ask("/run/a/api/image/1").body).size(), 2U);
  EXPECT_EQ(ask("/run/a/api/image/1/picture").type, "image/webp");
  EXPECT_EQ(ask("/run/a").status, 308);
  EXPECT_EQ(ask("/run/b %&<c").headers.at("Location"), "/run/b%20%25%26%3Cc/");
}

TEST_F(SiteOfAFolder, AllElseIsNotThere) {
  for (const char* path : {"",
                           "x",
                           "/x",
                           "//",
                           "/run",
                           "/run/",
                           "/run//",
                           "/run/x/",
                           "/run/a/x",
                           "/run/a/api",
                           "/run/a/api/image",
                           "/run/a/api/image/",
                           "/run/a/api/image/7",
                           "/run/a/api/image/-1",
                           "/run/a/api/image/1x",
                           "/run/a/api/image/1/",
                           "/run/a/api/image/1/picture/",
                           "/run/a/api/image/99999999999999999999",
                           "/run/a//",
                           "/run/a/report.js",
                           "/api/run",
                           "/api/state"})
    EXPECT_EQ(status(path), 404) << path;
}

TEST_F(SiteOfAFolder, NoPathLeavesIt) {
  const std::string nul("/run/a\0/", 8);
  for (const std::string& path :
       {std::string("/secret.txt"), std::string("/run/secret.txt"), std::string("/run/a/run.sqlite"),
        std::string("/../outside/"), std::string("/run/../outside/"), std::string("/run/.."),
        std::string("/run/./"), std::string("/run/../"), std::string("/run/a/../../outside/"),
        std::string("/run//etc/passwd"), std::string("/etc/passwd"), std::string("/run/link/"),
        std::string("/run/half/"), std::string("/run/no run/"), std::string("/run/a\\..\\b/"), nul,
        "/run/" + (folder_ / "outside").string() + "/"})
    EXPECT_EQ(status(path), 404) << path;
}

TEST_F(SiteOfAFolder, NoPathLeavesItInAnyWriting) {
  const test::RunningServer server([&](const Request& request) { return Site(*runs_).answer(request); });
  const int port = server.port();
  EXPECT_EQ(test::status_of(test::answer_to(port, test::get(port, "/run/b%20%25%26%3Cc/api/state"))), 200);
  for (const char* target :
       {"/../outside/", "/%2e%2e/outside/", "/run/%2e%2e/outside/", "/run/..%2foutside/",
        "/run/a%2f..%2f..%2foutside/", "/run/%252e%252e/", "/run/a/%2e%2e/%2e%2e/secret.txt", "//etc/passwd",
        "/run/%2fetc%2fpasswd", "/run/a%00/", "/run/%00", "/run/a%5c..%5c", "/run/%c0%ae%c0%ae/",
        "/run/%ff%fe/", "/run/%", "/run/%zz/", "/secret.txt"}) {
    const std::string answer = test::answer_to(port, test::get(port, target));
    EXPECT_EQ(test::status_of(answer), 404) << target;
    EXPECT_THAT(answer, testing::Not(HasSubstr("secret"))) << target;
  }
  for (const char* target : {"http://evil.example/", "*", "../x"})
    EXPECT_NE(test::status_of(test::answer_to(port, test::get(port, target))), 200) << target;
}

TEST_F(SiteOfAFolder, SeesRunsThatBeginAndEnd) {
  const store::Store third = test::begin_run(folder_ / "served/c");
  EXPECT_EQ(status("/run/c/"), 200);
  std::filesystem::remove_all(folder_ / "served/c");
  EXPECT_EQ(status("/run/c/"), 404);
  EXPECT_EQ(Json::parse(*ask("/api/runs").body).size(), 2U);
}

TEST(Site, OfOneRunHasItAtTheRoot) {
  const TemporaryFolder folder;
  store::Store writer = test::begin_run(folder / "run");
  RunCatalogue runs(folder / "run");
  const Site site(runs);
  const auto ask = [&](const std::string& path) { return site.answer({.method = "GET", .path = path}); };
  EXPECT_THAT(*ask("/").body, HasSubstr("report.js"));
  EXPECT_EQ(Json::parse(*ask("/api/state").body).at("images"), 0);
  test::add_image(writer, 0);
  EXPECT_EQ(Json::parse(*ask("/api/state").body).at("images"), 1);
  EXPECT_EQ(ask("/api/image/0").status, 200);
  EXPECT_THAT(ask("/report.css").type, StartsWith("text/css"));
  for (const char* path : {"/run/run/", "/api/runs", "/api/image/1", "/run.sqlite"})
    EXPECT_EQ(ask(path).status, 404) << path;
}

TEST(Site, NeedsAFolder) {
  const TemporaryFolder folder;
  faultline::test::expect_error([&] { const RunCatalogue runs(folder / "none"); }, ErrorKind::io,
                                "cannot serve");
  write_file(folder / "file", "");
  faultline::test::expect_error([&] { const RunCatalogue runs(folder / "file"); }, ErrorKind::io,
                                "cannot serve");
  RunCatalogue empty(folder.path());
  EXPECT_TRUE(empty.list().empty());
}

}  // namespace
}  // namespace faultline::serve
