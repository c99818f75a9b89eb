#pragma once

#include <csetjmp>
#include <cstddef>
#include <cstring>

namespace faultline::codec {

// libjpeg and libpng report errors through a callback that must not return. Ours keeps the message and jumps
// back.
struct JumpGuard {
  std::jmp_buf jump;
  char message[256] = "";

  [[noreturn]] void fail(const char* what) {
    std::strncpy(message, what, sizeof message - 1);
    std::longjmp(jump, 1);
  }
};

// Calls step(); returns false if it ended in JumpGuard::fail. The jump skips frames without running
// destructors, so a step calls the C library only, and holds pointers and numbers only: whatever owns memory
// belongs to the caller.
template <class Step>
bool guarded(JumpGuard& guard, const Step& step) {
  if (setjmp(guard.jump) != 0) return false;
  step();
  return true;
}

}  // namespace faultline::codec
