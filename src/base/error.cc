#include "base/error.h"

namespace faultline {

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return 2;
    case ErrorKind::model:
      return 3;
    case ErrorKind::unsupported:
      return 4;
    case ErrorKind::image:
      return 5;
    case ErrorKind::io:
      return 6;
    case ErrorKind::interrupted:
      return 130;
  }
  return 1;
}

}  // namespace faultline
