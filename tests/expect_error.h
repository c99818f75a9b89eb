#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace faultline::test {

// Expects that `call()` throws Error of that kind with a message that contains `part`.
template <class Call>
void expect_error(const Call& call, ErrorKind kind, const std::string& part) {
  try {
    call();
    ADD_FAILURE() << "no error; expected one containing: " << part;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_THAT(error.what(), ::testing::HasSubstr(part));
  }
}

}  // namespace faultline::test
