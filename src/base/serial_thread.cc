#include "base/serial_thread.h"

#include <csignal>
#include <utility>

#include "base/parallel.h"

namespace faultline {

namespace {

// A new thread inherits the mask of blocked signals.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace

std::thread serial_thread(std::function<void()> body) {
  const SignalsBlocked blocked;
  return std::thread([run = std::move(body)] {
    set_compute_threads(1);  // of this thread
    run();
  });
}

}  // namespace faultline
