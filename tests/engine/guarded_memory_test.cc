#include "engine/executor/guarded_memory.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace faultline {
namespace {

using engine::allocate_guarded;
using engine::free_guarded;

class GuardedMemoryDeathTest : public ::testing::TestWithParam<std::size_t> {};

TEST_P(GuardedMemoryDeathTest, IsUsableToItsLastByteAndNoFurther) {
  auto* const data = static_cast<volatile char*>(allocate_guarded(GetParam()));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(data) % 64, 0U);
  data[0] = 1;
  data[GetParam() - 1] = 2;
  EXPECT_EQ(data[GetParam() - 1], 2);
  EXPECT_DEATH(data[GetParam()] = 3, "");
  EXPECT_DEATH(data[GetParam() + 60] = 3, "");
  free_guarded(const_cast<char*>(data), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Sizes, GuardedMemoryDeathTest, ::testing::Values(64, 4096, 4160, 100'032));

}  // namespace
}  // namespace faultline
