#pragma once

#include <string_view>

namespace faultline {

enum class LogLevel { debug, info, warning, error, off };

// Messages go to stderr, prefixed by level; the default level is warning. Libraries log; only the cli prints.
void set_log_level(LogLevel level);
void log_debug(std::string_view message);
void log_info(std::string_view message);
void log_warning(std::string_view message);

}  // namespace faultline
