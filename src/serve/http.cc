#include "serve/http.h"

namespace faultline::serve {

Response text_response(int status, std::string_view message) {
  return {.status = status, .body = std::make_shared<const std::string>(std::string(message) + "\n")};
}

Response json_response(std::string json) {
  return {.type = "application/json", .body = std::make_shared<const std::string>(std::move(json))};
}

Response redirect(const std::string& address) {
  Response response = text_response(308, "See " + address);
  response.headers.emplace("Location", address);
  return response;
}

}  // namespace faultline::serve
