#include "tensor/npy.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace faultline {
namespace {

TEST(Npy, RoundTripsBothTypesAndEveryRank) {
  const test::TemporaryFolder folder;
  for (const Shape& shape : {Shape{}, Shape{3}, Shape{2, 0}, Shape{2, 3, 4}}) {
    Tensor written(shape);
    for (std::int64_t i = 0; i < written.elements(); ++i) written[i] = 0.1F * static_cast<float>(i);
    write_npy(folder / "t.npy", written);
    const Tensor read = read_npy(folder / "t.npy");
    EXPECT_EQ(read.shape(), shape);
    EXPECT_TRUE(std::equal(read.values().begin(), read.values().end(), written.values().begin()));
  }
  write_npy(folder / "d.npy", DoubleTensor(Shape{1}, {0.1}));
  EXPECT_EQ(read_npy_double(folder / "d.npy")[0], 0.1);
  EXPECT_EQ(read_npy(folder / "d.npy")[0], 0.1F);
}

TEST(Npy, HeaderIsWhatNumpyWrites) {
  const test::TemporaryFolder folder;
  write_npy(folder / "t.npy", Tensor(Shape{2, 3}));
  const std::string content = read_file(folder / "t.npy");
  EXPECT_EQ(content.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  EXPECT_EQ(content.find('\n') % 64, 63U);
  EXPECT_EQ(content.size(), 128U + 24U);
}

TEST(Npy, RefusesWhatItCannotRead) {
  const test::TemporaryFolder folder;
  const auto path = folder / "t.npy";
  write_npy(path, Tensor(Shape{2, 3}));
  const std::string good = read_file(path);
  const auto refused = [&](const std::string& content, const std::string& why) {
    write_file(path, content);
    test::expect_error([&] { read_npy(path); }, ErrorKind::io, why);
  };
  refused(good.substr(0, good.size() - 1), "24");
  refused(good + "x", "25 bytes");
  refused(good.substr(0, 20), "truncated");
  refused("hello, world", "not a .npy file");
  std::string other = good;
  other.replace(other.find("<f4"), 3, "<i4");
  refused(other, "<i4");
  other = good;
  other.replace(other.find("False"), 5, "True ");
  refused(other, "Fortran");
  other = good;
  other.replace(other.find("(2, 3"), 5, "(2,-3");
  refused(other, "malformed shape");
}

}  // namespace
}  // namespace faultline
