#pragma once

#include <memory>
#include <string>
#include <vector>

#include "serve/http.h"
#include "serve/limits.h"

namespace faultline::serve {

struct ServerOptions {
  std::string host = "localhost";         // localhost, 127.0.0.1 or ::1
  int port = 0;                           // 0: any that is free
  std::vector<std::string> uploads = {};  // paths that take POST; all others answer 405 to it
  Limits limits = {};
};

// An HTTP server on a loopback address. A connection answers one request and ends. Beside the handler's
// answers there are
//   400 not HTTP, or a body where none belongs     403 another host or origin (origin.h)
//   405 a method other than GET, HEAD and POST     408 too slow
//   411 an upload without its length               413 an upload that is too large
//   415 an upload in a coding (gzip)               416 a part of an answer (Range)
//   431 headers that are too large                 414 an address that is too long
// Each answer forbids the browser to keep it, to run foreign code in it and to show it in foreign frames.
class Server {
 public:
  // Listens from here on, answers from run() on. Throws Error{usage} for a host that is not loopback and
  // Error{io} for a port that cannot be had.
  Server(Handler handler, const ServerOptions& options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const;
  std::string address() const;  // "http://localhost:8080/"

  // Answers until stop(), which another thread may call at any time, also before.
  void run();
  void stop();

 private:
  class Http;
  std::unique_ptr<Http> http_;
};

}  // namespace faultline::serve
