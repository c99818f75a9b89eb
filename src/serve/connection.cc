#include "serve/connection.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace faultline::serve {

namespace {

constexpr std::chrono::milliseconds kLookAtStop{100};

using Address = int (*)(int, sockaddr*, socklen_t*);

void name_address(int socket, Address address_of, std::string& ip, int& port) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  auto* const any = static_cast<sockaddr*>(static_cast<void*>(&address));
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> service{};
  if (address_of(socket, any, &size) != 0) return;
  if (getnameinfo(any, size, host.data(), host.size(), service.data(), service.size(),
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return;
  ip = host.data();
  port = std::stoi(service.data());
}

}  // namespace

Connection::Connection(int socket, const Limits& limits, const std::atomic<bool>& stopping)
    : socket_(socket), limits_(limits), stopping_(stopping) {}

Connection::Wait Connection::wait_for(short events, Clock::time_point deadline) const {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0 || stopping_) return Wait::late;
    pollfd polled{.fd = socket_, .events = events, .revents = 0};
    const int ready = poll(&polled, 1, static_cast<int>(std::min(left, kLookAtStop).count()));
    if (ready < 0 && errno != EINTR) return Wait::gone;
    if (ready <= 0) continue;
    // What came before the end can still be read.
    if ((polled.revents & events) != 0) {
      const bool broken = (polled.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
      return events == POLLOUT && broken ? Wait::gone : Wait::ready;
    }
    return Wait::gone;
  }
}

bool Connection::is_readable() const {
  return next_ < held_ || wait_for(POLLIN, Clock::now() + std::chrono::milliseconds(1)) == Wait::ready;
}

bool Connection::is_writable() const {
  gone_ = gone_ || wait_for(POLLOUT, Clock::now() + limits_.client_patience) != Wait::ready;
  return !gone_;
}

bool Connection::fill() {
  const Wait wait = wait_for(
      POLLIN, begun_ + (in_head_ ? std::min(limits_.head_time, limits_.request_time) : limits_.request_time));
  if (wait == Wait::late) exceeded_ = 408;
  if (wait != Wait::ready) return false;
  const ssize_t received = recv(socket_, buffer_.data(), buffer_.size(), 0);
  if (received <= 0) return false;
  next_ = 0;
  held_ = static_cast<std::size_t>(received);
  received_ += held_;
  return true;
}

// The head ends with an empty line, as httplib reads it: CR LF.
void Connection::follow_head(char byte) {
  ++head_bytes_;
  if (byte != '\n') {
    ++line_bytes_;
  } else {
    if (line_bytes_ == 1 && before_ == '\r') in_head_ = false;
    line_bytes_ = 0;
  }
  before_ = byte;
}

ssize_t Connection::read(char* target, size_t size) {
  if (exceeded_ != 0) return -1;
  if (next_ == held_ && !fill()) return exceeded_ != 0 ? -1 : 0;
  const std::size_t count = std::min(size, held_ - next_);
  for (std::size_t i = 0; in_head_ && i < count; ++i) {
    follow_head(buffer_[next_ + i]);
    if (in_head_ && head_bytes_ >= limits_.head_bytes) {
      exceeded_ = 431;
      return -1;
    }
  }
  std::memcpy(target, buffer_.data() + next_, count);
  next_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* bytes, size_t size) {
  if (exceeded_ == 0 && !send_all({bytes, size})) return -1;
  return static_cast<ssize_t>(size);
}

bool Connection::send_all(std::string_view bytes) {
  while (!bytes.empty()) {
    if (!is_writable()) return false;
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (sent < 0) {
      gone_ = true;
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Connection::refuse() {
  const std::string body =
      exceeded_ == 431 ? "the request's head is too long\n" : "the request took too long\n";
  const std::string status = exceeded_ == 431 ? "431 Request Header Fields Too Large" : "408 Request Timeout";
  send_all("HTTP/1.1 " + status +
           "\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
           "Cache-Control: no-store\r\nConnection: close\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body);
}

void Connection::finish() {
  shutdown(socket_, SHUT_WR);
  const auto end = Clock::now() + limits_.drain_time;
  std::size_t dropped = 0;
  while (dropped < limits_.drain_bytes) {
    if (wait_for(POLLIN, std::min(end, Clock::now() + limits_.drain_pause)) != Wait::ready) return;
    const ssize_t received = recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (received <= 0) return;
    dropped += static_cast<std::size_t>(received);
  }
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  name_address(socket_, getpeername, ip, port);
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
  name_address(socket_, getsockname, ip, port);
}

}  // namespace faultline::serve
