#include "serve/origin.h"

#include <gtest/gtest.h>

namespace faultline::serve {
namespace {

bool let_in(const Claims& claims) {
  return !refusal(claims, 8080).has_value();
}

TEST(Origin, LetsInWhoNamesThisServer) {
  for (const char* host : {"localhost:8080", "127.0.0.1:8080", "[::1]:8080"}) {
    EXPECT_TRUE(let_in({.host = {host}})) << host;
    EXPECT_TRUE(
        let_in({.host = {host}, .origin = {std::string("http://") + host}, .fetch_site = {"same-origin"}}))
        << host;
  }
  EXPECT_TRUE(let_in({.host = {"localhost:8080"}, .fetch_site = {"none"}}));  // typed by the user
  EXPECT_FALSE(refusal({.host = {"localhost"}}, 80));
}

TEST(Origin, RefusesOtherHosts) {
  for (const char* host : {"", "localhost", "localhost:8081", "localhost:80800", "evil.example:8080",
                           "127.0.0.1.evil.example:8080", "localhost.evil.example:8080", "127.0.0.2:8080",
                           "0.0.0.0:8080", "[::]:8080", " localhost:8080"})
    EXPECT_FALSE(let_in({.host = {host}})) << host;
  EXPECT_FALSE(let_in({}));
  EXPECT_FALSE(let_in({.host = {"localhost:8080", "localhost:8080"}}));
}

TEST(Origin, RefusesPagesOfOtherOrigins) {
  for (const char* origin : {"http://evil.example", "null", "https://localhost:8080", "http://localhost:8081",
                             "http://localhost", "http://127.0.0.1:8080", ""})
    EXPECT_FALSE(let_in({.host = {"localhost:8080"}, .origin = {origin}})) << origin;
  for (const char* site : {"cross-site", "same-site", "", "sideways"})
    EXPECT_FALSE(let_in({.host = {"localhost:8080"}, .fetch_site = {site}})) << site;
}

}  // namespace
}  // namespace faultline::serve
