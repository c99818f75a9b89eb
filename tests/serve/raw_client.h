#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace faultline::serve::test {

// A TCP connection to a port of this machine that sends what it is told, HTTP or not.
class RawClient {
 public:
  explicit RawClient(int port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // False if the server no longer takes it.
  bool send(std::string_view bytes);
  // What comes until the server ends the answer, or so long; what has come is kept.
  std::string receive(std::chrono::seconds wait = std::chrono::seconds(30));
  // At least so many bytes, unless the server ends before.
  std::string receive_some(std::size_t bytes);
  // Until this has come. Throws runtime_error if the server ends before.
  std::string receive_until(std::string_view part);
  // Bytes until the server ends, kept nowhere.
  std::size_t count_rest();
  // Ends at once, with what is on its way lost: as a program that was killed.
  void vanish();

 private:
  int socket_ = -1;
};

// What a server answers to these bytes.
std::string answer_to(int port, std::string_view bytes);
// The status of an answer "HTTP/1.1 404 ..."; 0 if it is none.
int status_of(std::string_view answer);
// A GET request with the right Host, and more header lines ("Name: value\r\n") if wanted.
std::string get(int port, std::string_view target, std::string_view headers = {});

}  // namespace faultline::serve::test
