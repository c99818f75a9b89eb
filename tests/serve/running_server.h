#pragma once

#include <thread>

#include "serve/server.h"

namespace faultline::serve::test {

// A server that answers as long as the object lives.
class RunningServer {
 public:
  explicit RunningServer(Handler handler, const ServerOptions& options = {})
      : server_(std::move(handler), options), thread_([this] { server_.run(); }) {}
  ~RunningServer() { stop(); }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  int port() const { return server_.port(); }
  std::string address() const { return server_.address(); }
  void stop() {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  Server server_;
  std::thread thread_;
};

}  // namespace faultline::serve::test
