#include "tensor/tensor.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace faultline {
namespace {

TEST(Shape, ExtentsElementsAndText) {
  const Shape shape{2, 3, 4};
  EXPECT_EQ(shape.rank(), 3);
  EXPECT_EQ(shape[-1], 4);
  EXPECT_EQ(shape.elements(), 24);
  EXPECT_EQ(shape.elements(1, 3), 12);
  EXPECT_EQ(Shape{}.elements(), 1);
  EXPECT_EQ(shape.to_string(), "[2, 3, 4]");
  EXPECT_EQ(shape.with_leading(7), (Shape{7, 3, 4}));
  EXPECT_EQ(shape.without_leading(), (Shape{3, 4}));
  EXPECT_FALSE((Shape{2, 3}) == shape);
}

TEST(Shape, RefusesMisuse) {
  Shape shape{2};
  EXPECT_THROW(static_cast<void>(shape[1]), ContractError);
  EXPECT_THROW((Shape{-1}), ContractError);
  EXPECT_THROW((Shape{1, 1, 1, 1, 1, 1, 1, 1, 1}), ContractError);
}

TEST(Tensor, IsAlignedZeroAndDeepCopied) {
  Tensor a(Shape{3, 5});
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(a.data()) % 64, 0U);
  EXPECT_EQ(a[14], 0.0F);
  Tensor b = a;
  b[0] = 1;
  EXPECT_EQ(a[0], 0.0F);
  a = b;
  EXPECT_EQ(a[0], 1.0F);
  const Tensor moved = std::move(a);
  EXPECT_EQ(moved[0], 1.0F);
}

TEST(Tensor, RowsAreViews) {
  Tensor a(Shape{2, 2}, {1, 2, 3, 4});
  a.row(1)[0] = 9;
  EXPECT_EQ(a[2], 9.0F);
  EXPECT_EQ(a.rows(1, 1).shape(), (Shape{1, 2}));
  EXPECT_THROW(a.row(2), ContractError);
  EXPECT_THROW(a.reshape(Shape{3}), ContractError);
  EXPECT_THROW(Tensor(Shape{2}, {1.0F}), ContractError);
}

TEST(Tensor, WrapsForeignMemory) {
  float values[4] = {1, 2, 3, 4};
  int released = 0;
  {
    const Tensor wrapped = Tensor::wrap(Shape{4}, values, [&](float*) { ++released; });
    EXPECT_EQ(wrapped.data(), values);
  }
  EXPECT_EQ(released, 1);
}

}  // namespace
}  // namespace faultline
