#pragma once

#include <functional>
#include <thread>

namespace faultline {

// Starts a thread for work beside the computation: reading, drawing, writing. Its parallel loops run on it
// alone, so that it takes no compute threads from others, and signals are left to the thread that calls this.
// The body must not throw.
std::thread serial_thread(std::function<void()> body);

}  // namespace faultline
