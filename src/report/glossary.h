#pragma once

#include <vector>

#include "report/page.h"

namespace faultline::report {

// The terms that figures and sentences use, from docs/method.md.
std::vector<PageTerm> glossary();

}  // namespace faultline::report
