#include "serve/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/error.h"
#include "expect_error.h"
#include "serve/raw_client.h"
#include "serve/running_server.h"

namespace faultline::serve {
namespace {

using test::answer_to;
using test::get;
using test::RawClient;
using test::RunningServer;
using test::status_of;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

Response echo(const Request& request) {
  std::string text = request.method + " " + request.path;
  for (const auto& [name, value] : request.query) text += " " + name + "=" + value;
  return text_response(200, text + " " + std::to_string(request.body.size()));
}

ServerOptions with_upload() {
  return {.uploads = {"/up"}};
}

std::string post(int port, std::string_view headers, std::string_view body) {
  return "POST /up HTTP/1.1\r\nHost: localhost:" + std::to_string(port) + "\r\n" + std::string(headers) +
         "\r\n" + std::string(body);
}

TEST(Server, HandsRequestsToItsHandler) {
  const RunningServer server(echo, with_upload());
  EXPECT_THAT(answer_to(server.port(), get(server.port(), "/a%20b/c?x=1%2F2&y")),
              EndsWith("\r\n\r\nGET /a b/c x=1/2 y= 0\n"));
  EXPECT_THAT(answer_to(server.port(), post(server.port(), "Content-Length: 5\r\n", "hello")),
              EndsWith("\r\n\r\nPOST /up 5\n"));
  EXPECT_EQ(server.address(), "http://localhost:" + std::to_string(server.port()) + "/");
}

TEST(Server, ForbidsTheBrowserWhatThePagesDoNotNeed) {
  const RunningServer server(echo);
  const std::string answer = answer_to(server.port(), get(server.port(), "/"));
  for (const char* header : {"\r\nContent-Security-Policy: default-src 'none'; script-src 'self'",
                             "\r\nX-Content-Type-Options: nosniff\r\n", "\r\nCache-Control: no-store\r\n",
                             "\r\nX-Frame-Options: DENY\r\n", "\r\nConnection: close\r\n"})
    EXPECT_THAT(answer, HasSubstr(header));
  EXPECT_THAT(answer, Not(HasSubstr("Access-Control")));
}

TEST(Server, HeadIsGetWithoutTheBody) {
  const RunningServer server([](const Request&) { return text_response(200, "twelve bytes"); });
  const std::string request =
      "HEAD / HTTP/1.1\r\nHost: localhost:" + std::to_string(server.port()) + "\r\n\r\n";
  const std::string answer = answer_to(server.port(), request);
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 13\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST(Server, RefusesOtherHostsAndOrigins) {
  const RunningServer server(echo, with_upload());
  const int port = server.port();
  EXPECT_EQ(status_of(answer_to(port, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")), 403);
  EXPECT_EQ(status_of(answer_to(port, "GET / HTTP/1.1\r\n\r\n")), 403);
  EXPECT_EQ(status_of(answer_to(port, get(port, "/", "Origin: http://evil.example\r\n"))), 403);
  EXPECT_EQ(status_of(answer_to(port, get(port, "/", "Sec-Fetch-Site: cross-site\r\n"))), 403);
  EXPECT_EQ(status_of(answer_to(port, get(port, "/", "Host: evil.example\r\n"))), 403);
  EXPECT_EQ(status_of(answer_to(port, post(port, "Origin: null\r\nContent-Length: 2\r\n", "xx"))), 403);
}

TEST(Server, RefusesOtherMethods) {
  const RunningServer server(echo, with_upload());
  const std::string host = " HTTP/1.1\r\nHost: localhost:" + std::to_string(server.port()) + "\r\n\r\n";
  for (const char* line :
       {"PUT /up", "DELETE /", "OPTIONS /", "PATCH /up", "TRACE /", "CONNECT /", "POST /"}) {
    const std::string answer = answer_to(server.port(), line + host);
    EXPECT_EQ(status_of(answer), 405) << line;
    EXPECT_THAT(answer, HasSubstr("\r\nAllow: GET, HEAD\r\n"));
  }
}

TEST(Server, RefusesWhatIsNotHttp) {
  const RunningServer server(echo);
  for (const char* bytes : {"hello\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "BREW / HTTP/1.1\r\n\r\n",
                            "\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\x16\x03\x01\x02\r\n\r\n"})
    EXPECT_EQ(status_of(answer_to(server.port(), bytes)), 400) << bytes;
}

TEST(Server, AnUploadSaysItsLengthAndIsAsItIs) {
  const RunningServer server(echo, with_upload());
  const int port = server.port();
  const std::vector<std::pair<const char*, int>> cases = {
      {"", 411},
      {"Transfer-Encoding: chunked\r\n", 411},
      {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", 411},
      {"Content-Length: 3\r\nContent-Length: 3\r\n", 411},
      {"Content-Length: -1\r\n", 400},
      {"Content-Length: 3x\r\n", 400},
      {"Content-Length: 99999999999999999999999\r\n", 400},
      {"Content-Length: 16777217\r\n", 413},
      {"Content-Length: 18446744073709551615\r\n", 413},
      {"Content-Length: 3\r\nContent-Encoding: gzip\r\n", 415}};
  for (const auto& [headers, status] : cases)
    EXPECT_EQ(status_of(answer_to(port, post(port, headers, "abc"))), status) << headers;
  EXPECT_EQ(status_of(answer_to(port, get(port, "/", "Content-Length: 3\r\n") + "abc")), 400);
  EXPECT_EQ(status_of(answer_to(port, get(port, "/", "Range: bytes=0-3\r\n"))), 416);
  EXPECT_EQ(status_of(answer_to(port, get(port, "/", "Range: bytes=0-,0-,0-,0-\r\n"))), 416);
}

TEST(Server, AsksForALargeUploadOnlyIfItWillBeTaken) {
  const RunningServer server(echo, with_upload());
  const int port = server.port();
  RawClient small(port);
  small.send(post(port, "Content-Length: 3\r\nExpect: 100-continue\r\n", ""));
  EXPECT_THAT(small.receive_some(10), testing::StartsWith("HTTP/1.1 100 "));
  small.send("abc");
  EXPECT_THAT(small.receive(), EndsWith("POST /up 3\n"));
  const std::string refused = post(port, "Content-Length: 99000000\r\nExpect: 100-continue\r\n", "");
  EXPECT_EQ(status_of(answer_to(port, refused)), 413);
}

TEST(Server, WhatTheHandlerThrowsIsAnswered) {
  const RunningServer server([](const Request& request) -> Response {
    if (request.path == "/usage") throw Error(ErrorKind::usage, "eps: got x, expected a number");
    if (request.path == "/image") throw Error(ErrorKind::image, "upload: no picture");
    if (request.path == "/io") throw Error(ErrorKind::io, "cannot read run.sqlite");
    throw std::logic_error("an inner detail");
  });
  const auto answer = [&](const char* path) { return answer_to(server.port(), get(server.port(), path)); };
  EXPECT_EQ(status_of(answer("/usage")), 400);
  EXPECT_THAT(answer("/usage"), EndsWith("eps: got x, expected a number\n"));
  EXPECT_EQ(status_of(answer("/image")), 400);
  EXPECT_EQ(status_of(answer("/io")), 500);
  EXPECT_EQ(status_of(answer("/bug")), 500);
  EXPECT_THAT(answer("/bug"), Not(HasSubstr("an inner detail")));
}

TEST(Server, StreamsUntilTheClientHasGone) {
  std::atomic<bool> noticed = false;
  const RunningServer server([&](const Request&) {
    return Response{.stream = [&](const Send& send) {
      while (send("a line\n")) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      noticed = true;
    }};
  });
  RawClient client(server.port());
  client.send(get(server.port(), "/"));
  EXPECT_THAT(client.receive_some(1000), HasSubstr("a line\n"));
  client.vanish();
  for (int i = 0; i < 6000 && !noticed; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_TRUE(noticed);
}

TEST(Server, ListensOnLoopbackOnly) {
  for (const char* host : {"0.0.0.0", "::", "192.168.1.2", "example.com", ""})
    faultline::test::expect_error([&] { const Server server(echo, {.host = host}); }, ErrorKind::usage,
                                  "--host");
}

TEST(Server, APortBelongsToOneServer) {
  const RunningServer first(echo);
  faultline::test::expect_error([&] { const Server second(echo, {.port = first.port()}); }, ErrorKind::io,
                                "port " + std::to_string(first.port()));
}

TEST(Server, StopsWhileClientsAreConnectedAndBeforeItRuns) {
  Server never(echo, {});
  never.stop();
  never.run();
  RunningServer server(echo);
  RawClient silent(server.port());
  RawClient halfway(server.port());
  halfway.send("GET / HTT");
  server.stop();
  EXPECT_THROW(RawClient(server.port()), std::runtime_error);
}

}  // namespace
}  // namespace faultline::serve
