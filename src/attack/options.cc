#include "attack/options.h"

#include "base/error.h"

namespace faultline::attack {

std::string_view name_of(Norm norm) {
  switch (norm) {
    case Norm::linf:
      return "linf";
    case Norm::l2:
      return "l2";
    case Norm::l1:
      return "l1";
    case Norm::l0:
      return "l0";
  }
  throw ContractError("name_of: no such norm");
}

std::string_view name_of(Goal goal) {
  switch (goal) {
    case Goal::untargeted:
      return "untargeted";
    case Goal::targeted:
      return "targeted";
    case Goal::boost:
      return "boost";
  }
  throw ContractError("name_of: no such goal");
}

std::string_view name_of(Loss loss) {
  switch (loss) {
    case Loss::cross_entropy:
      return "cross-entropy";
    case Loss::margin:
      return "margin";
    case Loss::dlr:
      return "dlr";
  }
  throw ContractError("name_of: no such loss");
}

}  // namespace faultline::attack
