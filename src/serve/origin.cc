#include "serve/origin.h"

#include <algorithm>
#include <array>

namespace faultline::serve {

namespace {

constexpr std::array kNames = {"localhost", "127.0.0.1", "[::1]"};

bool names_us(const std::string& host, int port) {
  const std::string suffix = ":" + std::to_string(port);
  return std::ranges::any_of(
      kNames, [&](const std::string& name) { return host == name + suffix || (port == 80 && host == name); });
}

}  // namespace

std::optional<std::string> refusal(const Claims& claims, int port) {
  if (claims.host.size() != 1 || !names_us(claims.host.front(), port)) {
    return "the request is for another host; open http://localhost:" + std::to_string(port) +
           "/ on the machine that serves";
  }
  const std::string own = "http://" + claims.host.front();
  for (const std::string& origin : claims.origin) {
    if (origin != own) return "pages of other origins may not ask";
  }
  for (const std::string& site : claims.fetch_site) {
    if (site != "same-origin" && site != "none")
      return "pages of other origins may not ask; open the address itself";
  }
  return std::nullopt;
}

}  // namespace faultline::serve
