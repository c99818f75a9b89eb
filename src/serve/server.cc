#include "serve/server.h"

#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <new>
#include <optional>

#include "base/error.h"
#include "base/log.h"
#include "serve/connection.h"
#include "serve/origin.h"
#include "serve/workers.h"

namespace faultline::serve {

namespace {

using Handled = httplib::Server::HandlerResponse;

constexpr int kBacklog =
    256;  // httplib asks for 5: the sixth of clients that come at once would wait a second

// Scripts, styles, pictures and data from here only; Plot and the page write style attributes.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

httplib::Headers common_headers() {
  return {{"Content-Security-Policy", kPolicy},
          {"X-Content-Type-Options", "nosniff"},
          {"X-Frame-Options", "DENY"},
          {"Referrer-Policy", "no-referrer"},
          {"Cross-Origin-Resource-Policy", "same-origin"},
          {"Cross-Origin-Opener-Policy", "same-origin"},
          {"Cache-Control", "no-store"},
          {"Accept-Ranges", "none"}};
}

std::vector<std::string> values_of(const httplib::Request& request, const char* name) {
  std::vector<std::string> values;
  for (std::size_t i = 0; i < request.get_header_value_count(name); ++i)
    values.push_back(request.get_header_value(name, i));
  return values;
}

// Decimal digits and nothing else; none for what is larger than any body could be.
std::optional<std::size_t> parse_length(const std::string& text) {
  std::size_t length = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, length);
  if (error != std::errc() || last != end) return std::nullopt;
  return length;
}

std::string host_address(const std::string& host) {
  if (host == "localhost" || host == "127.0.0.1") return "127.0.0.1";
  if (host == "::1") return host;
  throw Error(ErrorKind::usage,
              "--host " + host +
                  ": expected localhost, 127.0.0.1 or ::1. What is served is for this machine only: whoever "
                  "reaches the port sees the study's pictures and can make the machine compute");
}

Response response_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    const bool asked_wrong = error.kind() == ErrorKind::usage || error.kind() == ErrorKind::image;
    return text_response(asked_wrong ? 400 : 500, error.what());
  } catch (const std::bad_alloc&) {
    return text_response(503, "out of memory");
  } catch (const std::exception& error) {
    log_warning(std::string("a request failed, a bug of faultline: ") + error.what());
    return text_response(500, "a bug of faultline: its log says more");
  }
}

void fill(const Response& from, httplib::Response& to) {
  to.status = from.status;
  for (const auto& [name, value] : from.headers) to.set_header(name, value);
  if (from.stream) {
    const auto provide = [stream = from.stream](std::size_t /*offset*/, httplib::DataSink& sink) {
      stream([&](std::string_view bytes) {
        return sink.is_writable() && sink.write(bytes.data(), bytes.size());
      });
      sink.done();
      return true;
    };
    to.set_chunked_content_provider(from.type, provide);
  } else if (from.body && !from.body->empty()) {
    const auto provide = [body = from.body](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
      return sink.write(body->data() + offset, length);
    };
    to.set_content_provider(from.body->size(), from.type, provide);
  }
}

}  // namespace

class Server::Http final : public httplib::Server {
 public:
  Http(serve::Handler handler, const ServerOptions& options)
      : handler_(std::move(handler)), options_(options) {
    const std::string address = host_address(options.host);
    set_default_headers(common_headers());
    // httplib's default, SO_REUSEPORT, would let a second server take half of the first one's connections.
    set_socket_options([](int socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    set_tcp_nodelay(true);
    new_task_queue = [this] { return new Workers(options_.limits.workers, options_.limits.waiting); };
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      return before_routing(request, response);
    });
    set_expect_100_continue_handler([this](const httplib::Request& request, httplib::Response& response) {
      const std::optional<Response> refused = refuse(request);
      if (!refused) return 100;
      fill(*refused, response);
      return refused->status;
    });
    for (const std::string& path : options_.uploads) {
      Post(path, [this](const httplib::Request& request, httplib::Response& response,
                        const httplib::ContentReader& reader) { upload(request, response, reader); });
    }
    set_error_handler([](const httplib::Request& /*request*/, httplib::Response& response) {
      // Of httplib's own refusals only the status is there.
      if (response.body.empty() && !response.content_provider_ && response.status != 416)
        response.set_content("the request is not as expected\n", "text/plain; charset=utf-8");
    });
    port_ = options.port == 0 ? bind_to_any_port(address) : options.port;
    const bool bound = options.port == 0 ? port_ > 0 : bind_to_port(address, options.port);
    if (!bound || ::listen(svr_sock_, kBacklog) != 0) {
      throw Error(ErrorKind::io,
                  "cannot listen on " + options.host + " port " + std::to_string(options.port) +
                      ": it may be in use, or not yours to take; --port 0 takes one that is free");
    }
  }

  ~Http() override { stop_all(); }

  int port() const { return port_; }
  const std::string& host() const { return options_.host; }

  void run() { listen_after_bind(); }

  // httplib's stop() does nothing before the listening has begun; without a socket that ends at once.
  void stop_all() {
    stopping_ = true;
    const int socket = svr_sock_.exchange(INVALID_SOCKET);
    if (socket == INVALID_SOCKET) return;
    shutdown(socket, SHUT_RDWR);
    close(socket);
  }

 private:
  bool process_and_close_socket(socket_t socket) override {
    Connection connection(socket, options_.limits, stopping_);
    bool closed = false;
    const bool done = process_request(connection, true, closed, nullptr);
    // A browser opens connections ahead of need: one that says nothing is no request.
    if (connection.exceeded() != 0 && connection.has_spoken()) connection.refuse();
    connection.finish();
    close(socket);
    return done;
  }

  // What can be said from the head alone.
  std::optional<Response> refuse(const httplib::Request& request) const {
    const Claims claims{.host = values_of(request, "Host"),
                        .origin = values_of(request, "Origin"),
                        .fetch_site = values_of(request, "Sec-Fetch-Site")};
    if (const auto why = refusal(claims, port_)) return text_response(403, *why);
    const bool reads = request.method == "GET" || request.method == "HEAD";
    const bool uploads = request.method == "POST" && std::ranges::count(options_.uploads, request.path) > 0;
    if (!reads && !uploads) {
      Response refused = text_response(405, "only GET, HEAD, and POST where something is uploaded");
      refused.headers.emplace("Allow", "GET, HEAD");
      return refused;
    }
    if (!request.ranges.empty()) return Response{.status = 416};
    if (request.has_header("Transfer-Encoding")) return text_response(411, "expected Content-Length");
    const std::vector<std::string> lengths = values_of(request, "Content-Length");
    if (reads) {
      const bool empty = lengths.empty() || (lengths.size() == 1 && lengths.front() == "0");
      return empty ? std::nullopt : std::optional(text_response(400, "a body where none belongs"));
    }
    if (request.has_header("Content-Encoding"))
      return text_response(415, "expected the upload as it is, not in a coding");
    if (lengths.size() != 1) return text_response(411, "expected Content-Length");
    const std::optional<std::size_t> length = parse_length(lengths.front());
    if (!length) return text_response(400, "Content-Length is not a number of bytes");
    if (*length > options_.limits.body_bytes) {
      return text_response(413, "an upload of " + std::to_string(*length) + " bytes, expected at most " +
                                    std::to_string(options_.limits.body_bytes));
    }
    return std::nullopt;
  }

  Handled before_routing(const httplib::Request& request, httplib::Response& response) const {
    if (const std::optional<Response> refused = refuse(request)) {
      fill(*refused, response);
      return Handled::Handled;
    }
    if (request.method == "POST") return Handled::Unhandled;  // its body is still to be read
    fill(answer(request, {}), response);
    return Handled::Handled;
  }

  void upload(const httplib::Request& request, httplib::Response& response,
              const httplib::ContentReader& reader) const {
    std::string body;
    const bool whole = reader([&](const char* bytes, std::size_t size) {
      body.append(bytes, size);
      return true;
    });
    fill(whole ? answer(request, std::move(body)) : text_response(400, "the upload ended early"), response);
  }

  Response answer(const httplib::Request& request, std::string body) const {
    try {
      return handler_({.method = request.method,
                       .path = request.path,
                       .query = request.params,
                       .content_type = request.get_header_value("Content-Type"),
                       .body = std::move(body)});
    } catch (...) {
      return response_of(std::current_exception());
    }
  }

  serve::Handler handler_;
  ServerOptions options_;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
};

Server::Server(Handler handler, const ServerOptions& options)
    : http_(std::make_unique<Http>(std::move(handler), options)) {}

Server::~Server() = default;

int Server::port() const {
  return http_->port();
}

std::string Server::address() const {
  const std::string host = http_->host() == "::1" ? "[::1]" : http_->host();
  return "http://" + host + ":" + std::to_string(port()) + "/";
}

void Server::run() {
  http_->run();
}

void Server::stop() {
  http_->stop_all();
}

}  // namespace faultline::serve
