// What a row's result must not depend on: the rest of the batch, its place there, the number of threads.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/parallel.h"
#include "engine/close.h"
#include "engine/networks.h"
#include "engine/run.h"

namespace faultline {
namespace {

using engine::Seeds;

constexpr int kImages = 33;

struct Result {
  DoubleTensor logits;
  Tensor image_gradients;
  std::vector<DoubleTensor> relu_gradients;
};

Tensor select(TensorView images, const std::vector<int>& rows) {
  Tensor selected(images.shape().with_leading(static_cast<std::int64_t>(rows.size())));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = images.row(rows[i]);
    std::copy_n(row.data(), row.elements(), selected.row(static_cast<std::int64_t>(i)).data());
  }
  return selected;
}

Result compute(engine::Plan& plan, TensorView images) {
  const auto pass = plan.forward(images);
  Seeds seeds{DoubleTensor(pass->logits().shape())};
  for (int r = 0; r < pass->rows(); ++r) {
    for (std::int64_t k = 0; k < 5; ++k)
      seeds.logit_gradients[std::int64_t{r} * 5 + k] = static_cast<double>(k) - 1.5;
  }
  const auto relu = *plan.graph().find("relu1");
  auto gradients = test::sweep(plan, *pass, seeds, {relu});
  return {pass->logits(), std::move(gradients.image), std::move(gradients.at[relu])};
}

void expect_rows(const Result& part, const Result& all, const std::vector<int>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto at = static_cast<std::int64_t>(i);
    EXPECT_TRUE(test::same(part.logits.row(at), all.logits.row(rows[i])));
    EXPECT_TRUE(test::same(test::to_double(part.image_gradients.row(at)),
                           test::to_double(all.image_gradients.row(rows[i]))));
    EXPECT_TRUE(test::same(part.relu_gradients[i], all.relu_gradients[static_cast<std::size_t>(rows[i])]));
  }
}

class Batch : public ::testing::TestWithParam<std::tuple<std::string, int>> {
 protected:
  void SetUp() override { set_compute_threads(std::get<1>(GetParam())); }
  void TearDown() override { set_compute_threads(0); }
};

TEST_P(Batch, ResultsDoNotDependOnSizeOrPosition) {
  const auto plan = test::compile_all(test::branched_network(), std::get<0>(GetParam()), false);
  const Tensor images = test::random_tensor(Shape{kImages, 3, 9, 7}, "images");
  const Result all = compute(*plan, images);
  for (const int size : {1, 2, 8, 10, 33}) {
    std::vector<int> rows(kImages);
    std::iota(rows.begin(), rows.end(), 0);
    for (std::size_t i = 0; i < rows.size(); ++i) std::swap(rows[i], rows[(i * 19 + 7) % rows.size()]);
    rows.resize(static_cast<std::size_t>(size));
    expect_rows(compute(*plan, select(images, rows)), all, rows);
  }
}

TEST(BatchOfReference, ResultsDoNotDependOnThreads) {
  const Tensor images = test::random_tensor(Shape{kImages, 3, 9, 7}, "images");
  std::vector<int> rows(kImages);
  std::iota(rows.begin(), rows.end(), 0);
  set_compute_threads(1);
  const Result serial = compute(*test::compile_all(test::branched_network(), "reference", false), images);
  for (const int threads : {2, 3, 4}) {
    set_compute_threads(threads);
    expect_rows(compute(*test::compile_all(test::branched_network(), "reference", false), images), serial,
                rows);
  }
  set_compute_threads(0);
}

INSTANTIATE_TEST_SUITE_P(All, Batch,
                         ::testing::Combine(::testing::ValuesIn(engine::engine_names()),
                                            ::testing::Values(1, 2, 3, 4)));

}  // namespace
}  // namespace faultline
