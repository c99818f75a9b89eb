#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace faultline::serve {

// A request that was let in (see origin.h, limits.h).
struct Request {
  std::string method = {};  // GET, HEAD or POST
  std::string path = {};    // decoded; whatever bytes the client sent
  std::multimap<std::string, std::string> query = {};
  std::string content_type = {};
  std::string body = {};  // of POST
};

// Sends a piece of an answer; false once the client has gone, and from then on.
using Send = std::function<bool(std::string_view)>;

struct Response {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::map<std::string, std::string> headers = {};
  std::shared_ptr<const std::string> body = {};  // shared: an answer of 40 MB is there once for all clients
  // In place of a body: writes the answer piece by piece, for as long as that takes. Must not throw.
  std::function<void(const Send&)> stream = {};
};

Response text_response(int status, std::string_view message);  // one line
Response json_response(std::string json);
Response redirect(const std::string& address);

// What a server does: answers each request. Called by several threads at once. What it throws is answered
// too: Error of kinds usage and image with 400, of io with 500, all else with 500 and without saying why.
using Handler = std::function<Response(const Request&)>;

}  // namespace faultline::serve
