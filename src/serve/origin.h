#pragma once

#include <optional>
#include <string>
#include <vector>

namespace faultline::serve {

// The headers that say who asks, each with all its occurrences.
struct Claims {
  std::vector<std::string> host = {};
  std::vector<std::string> origin = {};
  std::vector<std::string> fetch_site = {};  // Sec-Fetch-Site
};

// Why a request to a server on a loopback port is refused, or nothing. It must name this server as its host,
// by a name that no DNS server decides on (DNS rebinding), and must not come from a page of another origin
// ("same-site" is another: localhost with another port).
std::optional<std::string> refusal(const Claims& claims, int port);

}  // namespace faultline::serve
