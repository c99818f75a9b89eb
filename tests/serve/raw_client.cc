#include "serve/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace faultline::serve::test {

RawClient::RawClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* const any = static_cast<const sockaddr*>(static_cast<const void*>(&address));
  if (connect(socket_, any, sizeof address) != 0) throw std::runtime_error("cannot connect to the server");
}

RawClient::~RawClient() {
  if (socket_ >= 0) close(socket_);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string RawClient::receive(std::chrono::seconds wait) {
  const auto end = std::chrono::steady_clock::now() + wait;
  std::string answer;
  std::array<char, 65536> buffer{};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd polled{.fd = socket_, .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || poll(&polled, 1, static_cast<int>(left.count())) <= 0) return answer;
    const ssize_t received = recv(socket_, buffer.data(), buffer.size(), 0);
    if (received <= 0) return answer;
    answer.append(buffer.data(), static_cast<std::size_t>(received));
  }
}

std::string RawClient::receive_some(std::size_t bytes) {
  std::string answer;
  std::array<char, 4096> buffer{};
  while (answer.size() < bytes) {
    const ssize_t received = recv(socket_, buffer.data(), buffer.size(), 0);
    if (received <= 0) break;
    answer.append(buffer.data(), static_cast<std::size_t>(received));
  }
  return answer;
}

std::string RawClient::receive_until(std::string_view part) {
  std::string answer;
  while (answer.find(part) == std::string::npos) {
    const std::string more = receive_some(1);
    if (more.empty()) throw std::runtime_error("the server ended before it said " + std::string(part));
    answer += more;
  }
  return answer;
}

std::size_t RawClient::count_rest() {
  std::size_t count = 0;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t received = recv(socket_, buffer.data(), buffer.size(), 0);
    if (received <= 0) return count;
    count += static_cast<std::size_t>(received);
  }
}

void RawClient::vanish() {
  const linger none{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  close(socket_);
  socket_ = -1;
}

std::string answer_to(int port, std::string_view bytes) {
  RawClient client(port);
  client.send(bytes);
  return client.receive();
}

int status_of(std::string_view answer) {
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  if (!answer.starts_with(kVersion) || answer.size() < kVersion.size() + 3) return 0;
  return std::stoi(std::string(answer.substr(kVersion.size(), 3)));
}

std::string get(int port, std::string_view target, std::string_view headers) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost:" + std::to_string(port) + "\r\n" +
         std::string(headers) + "\r\n";
}

}  // namespace faultline::serve::test
