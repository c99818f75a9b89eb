#include "serve/limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>
#include <vector>

#include "serve/raw_client.h"
#include "serve/running_server.h"

namespace faultline::serve {
namespace {

// What a request that is refused may take, in bytes.
#ifdef __SANITIZE_ADDRESS__
constexpr std::int64_t kMostMemory = 512 << 20;  // the sanitizer keeps 256 MB of what was freed
#else
constexpr std::int64_t kMostMemory = 8 << 20;
#endif

using test::answer_to;
using test::get;
using test::RawClient;
using test::RunningServer;
using test::status_of;

Response hello(const Request& /*request*/) {
  return text_response(200, "hello");
}

// Bytes of memory that this process has used at most so far, or uses now.
std::int64_t memory(const std::string& line) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::int64_t kilobytes = 0;
    if (word == line && status >> kilobytes) return 1024 * kilobytes;
  }
  return -1;
}

void forget_peak() {
  std::ofstream("/proc/self/clear_refs") << "5";
}

TEST(Limits, OfTheHead) {
  const RunningServer server(hello);
  const int port = server.port();
  const std::string many = std::string(100, 'a') + ": b\r\n";
  std::string headers;
  while (headers.size() < 20'000) headers += many;
  EXPECT_EQ(status_of(answer_to(port, get(port, "/", headers))), 431);
  EXPECT_EQ(status_of(answer_to(port, get(port, "/", "X: " + std::string(20'000, 'a') + "\r\n"))), 431);
  EXPECT_EQ(status_of(answer_to(port, get(port, "/" + std::string(20'000, 'a')))), 431);
  EXPECT_EQ(status_of(answer_to(port, get(port, "/" + std::string(9'000, 'a')))), 414);
  EXPECT_EQ(status_of(answer_to(port, get(port, "/" + std::string(4'000, 'a')))), 200);
}

TEST(Limits, ALineWithoutEndTakesNoMemory) {
  const RunningServer server(hello);
  const std::int64_t before = memory("VmRSS:");
  RawClient client(server.port());
  const std::string megabyte(1U << 20U, 'a');
  forget_peak();
  for (int i = 0; i < 60 && client.send(megabyte); ++i) continue;
  EXPECT_EQ(status_of(client.receive()), 431);
  EXPECT_LT(memory("VmHWM:") - before, kMostMemory);
}

TEST(Limits, OfARangeHeaderOfThousandsOfParts) {
  const RunningServer server(hello);
  std::string parts = "bytes=0-";
  while (parts.size() < 8'000) parts += ",0-";
  EXPECT_EQ(status_of(answer_to(server.port(), get(server.port(), "/", "Range: " + parts + "\r\n"))), 416);
}

TEST(Limits, AnUploadOf50MegabytesIsRefusedAndTakesNoMemory) {
  const RunningServer server(hello, {.uploads = {"/up"}});
  const std::string host = " HTTP/1.1\r\nHost: localhost:" + std::to_string(server.port()) + "\r\n";
  const std::string megabyte(1U << 20U, 'a');
  const std::int64_t before = memory("VmRSS:");
  forget_peak();
  RawClient told(server.port());
  told.send("POST /up" + host + "Content-Length: 52428800\r\n\r\n");
  for (int i = 0; i < 50; ++i)
    EXPECT_TRUE(told.send(megabyte));  // the whole is taken off the client, and dropped
  EXPECT_EQ(status_of(told.receive()), 413);
  RawClient chunked(server.port());
  chunked.send("POST /up" + host + "Transfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 50; ++i) chunked.send("100000\r\n" + megabyte + "\r\n");
  EXPECT_EQ(status_of(chunked.receive()), 411);
  EXPECT_LT(memory("VmHWM:") - before, kMostMemory);
}

TEST(Limits, AnUploadUpToTheLimitIsTaken) {
  std::atomic<std::size_t> taken = 0;
  const RunningServer server(
      [&](const Request& request) {
        taken = request.body.size();
        return text_response(200, "taken");
      },
      {.uploads = {"/up"}, .limits = {.body_bytes = 1000}});
  const auto upload = [&](std::size_t bytes) {
    return status_of(
        answer_to(server.port(), "POST /up HTTP/1.1\r\nHost: localhost:" + std::to_string(server.port()) +
                                     "\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" +
                                     std::string(bytes, 'a')));
  };
  EXPECT_EQ(upload(1000), 200);
  EXPECT_EQ(taken, 1000U);
  EXPECT_EQ(upload(1001), 413);
  EXPECT_EQ(upload(0), 200);
  EXPECT_EQ(taken, 0U);
}

TEST(Limits, OfTheTimeOfARequest) {
  const Limits limits{.head_time = std::chrono::milliseconds(200),
                      .request_time = std::chrono::milliseconds(400)};
  const RunningServer server(hello, {.uploads = {"/up"}, .limits = limits});
  const std::string host = " HTTP/1.1\r\nHost: localhost:" + std::to_string(server.port()) + "\r\n";
  RawClient silent(server.port());
  EXPECT_EQ(silent.receive(), "");  // a connection made ahead of need: ended without a word
  RawClient slow(server.port());
  slow.send("GET /" + host);
  EXPECT_EQ(status_of(slow.receive()), 408);
  RawClient upload(server.port());
  upload.send("POST /up" + host + "Content-Length: 100\r\n\r\nabc");
  EXPECT_EQ(status_of(upload.receive()), 408);
  EXPECT_EQ(status_of(answer_to(server.port(), get(server.port(), "/"))), 200);
}

TEST(Limits, AnUploadThatEndsEarlyIsNoUpload) {
  std::atomic<int> handled = 0;
  const RunningServer server(
      [&](const Request&) {
        ++handled;
        return text_response(200, "");
      },
      {.uploads = {"/up"}});
  RawClient client(server.port());
  client.send("POST /up HTTP/1.1\r\nHost: localhost:" + std::to_string(server.port()) +
              "\r\nContent-Length: 100\r\n\r\nabc");
  client.vanish();
  EXPECT_EQ(status_of(answer_to(server.port(), get(server.port(), "/"))), 200);
  EXPECT_EQ(handled, 1);
}

TEST(Limits, OfAClientThatDoesNotTakeItsAnswer) {
  const auto large = std::make_shared<const std::string>(std::size_t{64} << 20U, 'a');
  std::atomic<int> answered = 0;
  RunningServer server(
      [&](const Request&) {
        ++answered;
        return Response{.body = large};
      },
      {.limits = {.client_patience = std::chrono::milliseconds(200), .workers = 1}});
  RawClient deaf(server.port());
  deaf.send(get(server.port(), "/"));
  // The only worker is free again for the next one.
  RawClient next(server.port());
  next.send(get(server.port(), "/"));
  EXPECT_GT(next.receive().size(), large->size());
  EXPECT_EQ(answered, 2);
}

TEST(Limits, TwoHundredClientsAtOnceAreAllAnswered) {
  const auto large = std::make_shared<const std::string>(std::size_t{2} << 20U, 'a');
  const RunningServer server([&](const Request&) { return Response{.body = large}; });
  const std::int64_t before = memory("VmRSS:");
  forget_peak();
  std::atomic<int> good = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 200; ++i) {
    clients.emplace_back([&] {
      RawClient client(server.port());
      client.send(get(server.port(), "/"));
      const std::string head = client.receive_some(1000);
      const std::size_t bytes = head.size() + client.count_rest();
      if (status_of(head) == 200 && bytes > large->size()) ++good;
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(good, 200);
  // Not a copy of the answer each, which would be 400 MB; the clients' own buffers and stacks are in it.
  EXPECT_LT(memory("VmHWM:") - before, 100 << 20);
}

TEST(Limits, ClientsThatVanishAreNoHindrance) {
  const auto large = std::make_shared<const std::string>(std::size_t{4} << 20U, 'a');
  const RunningServer server([&](const Request&) { return Response{.body = large}; });
  for (int i = 0; i < 100; ++i) {
    RawClient client(server.port());
    const std::string request = get(server.port(), "/");
    client.send(i % 2 == 0 ? request : request.substr(0, 20));
    if (i % 4 == 0) client.receive_some(100);
    client.vanish();
  }
  EXPECT_EQ(status_of(answer_to(server.port(), get(server.port(), "/"))), 200);
}

}  // namespace
}  // namespace faultline::serve
