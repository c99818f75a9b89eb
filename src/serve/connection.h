#pragma once

#include <httplib.h>

#include <array>
#include <atomic>
#include <chrono>
#include <string>

#include "serve/limits.h"

namespace faultline::serve {

// A client's connection as httplib reads and writes it, within limits that httplib itself does not keep: the
// size of the head, the time of the whole request, and the time that an answer waits for its client. Waits by
// poll(), so that any socket number will do, and looks at `stopping` meanwhile.
class Connection final : public httplib::Stream {
 public:
  // The socket stays the caller's, as does `stopping`.
  Connection(int socket, const Limits& limits, const std::atomic<bool>& stopping);

  bool is_readable() const override;
  bool is_writable() const override;  // false once the client has gone or taken too long
  ssize_t read(char* target, size_t size) override;
  ssize_t write(const char* bytes, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

  // 431 or 408 if the request went beyond a limit, else 0. From then on nothing that is written is sent:
  // refuse() answers.
  int exceeded() const { return exceeded_; }
  // Whether the client has sent anything.
  bool has_spoken() const { return received_ > 0; }
  void refuse();
  // Ends the answer, and drops what the client still sends.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  enum class Wait { ready, late, gone };

  Wait wait_for(short events, Clock::time_point deadline) const;
  bool fill();
  void follow_head(char byte);
  bool send_all(std::string_view bytes);

  int socket_;
  const Limits& limits_;
  const std::atomic<bool>& stopping_;
  Clock::time_point begun_ = Clock::now();
  mutable bool gone_ = false;
  std::array<char, 16384> buffer_ = {};
  std::size_t next_ = 0;  // in buffer_
  std::size_t held_ = 0;
  std::size_t received_ = 0;
  bool in_head_ = true;
  std::size_t head_bytes_ = 0;
  std::size_t line_bytes_ = 0;  // of the head's present line, without its line feed
  char before_ = 0;
  int exceeded_ = 0;
};

}  // namespace faultline::serve
