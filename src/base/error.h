#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace faultline {

// What went wrong, from the user's side. Each kind has one exit code (see exit_code).
enum class ErrorKind {
  usage,        // an option, argument or parameter value
  model,        // a model file or manifest: unreadable, malformed or inconsistent
  unsupported,  // a well-formed model that uses an operator, attribute or type that faultline does not have
  image,        // an image file: unreadable, truncated, too large
  io,           // reading or writing any other file, or a folder; a full disk
  interrupted,  // the user asked to stop
};

// The process exit code of a kind: usage 2, model 3, unsupported 4, image 5, io 6, interrupted 130.
// (1 is any other failure, which is a bug of faultline.)
int exit_code(ErrorKind kind);

// Something a user can get wrong or that the environment did. The message says what was got, what was
// expected and which file, node or option is meant, in one line.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

// A broken precondition: a programming error, never triggered by user input.
class ContractError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// Throws ContractError(message) unless the condition holds. On in release builds too.
inline void require(bool condition, const char* message) {
  if (!condition) throw ContractError(message);
}

}  // namespace faultline
