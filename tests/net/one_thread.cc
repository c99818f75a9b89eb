#include <gtest/gtest.h>

#include "base/parallel.h"

namespace faultline {
namespace {

// These tests run tens of thousands of tiny kernels: waking a second thread for each would take most of the
// time.
class OneThread : public ::testing::Environment {
 public:
  void SetUp() override { set_compute_threads(1); }
};

[[maybe_unused]] const auto* const kOneThread = ::testing::AddGlobalTestEnvironment(new OneThread);

}  // namespace
}  // namespace faultline
