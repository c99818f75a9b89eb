#include "net/reference.h"

#include "base/parallel.h"
#include "build_graph.h"
#include "kernel_check.h"

namespace faultline::net {
namespace {

using test::Complex;
using test::GraphBuilder;
using test::random_tensor;

// Branches, a residual sum, a value that is read three times, and operators of every kind.
Graph small_network() {
  GraphBuilder net({3, 9, 8});
  net.normalize().conv("c1", 4, 3, 2, 1).batch_norm("bn1").add("act1", LeakyRelu{.alpha = 0.2f});
  const NodeId trunk = net.last();
  const NodeId left = net.conv("c2", 4, 3, 1, 1).add("act2", Tanh{}).last();
  const NodeId gate = net.from(trunk).conv("c3", 4, 1).add("gate", Sigmoid{}).last();
  const NodeId gated = net.join("gated", Binary{.kind = Binary::Kind::mul}, {trunk, gate}).last();
  net.join("sum", Binary{}, {gated, left}).join("joined", Concat{.axis = 1}, {net.last(), trunk});
  net.add("lrn", Lrn{.size = 3, .alpha = 0.5f, .beta = 0.75f, .bias = 1.25f});
  net.add("padded", Pad{.mode = Pad::Mode::reflect, .pads = {0, 0, 1, 1, 0, 0, 1, -1}}).max_pool("pool");
  net.add("average", AveragePool{.kernel = {2, 2}, .pads = {1, 0, 0, 1}, .count_include_pad = true})
      .add("relu", Relu{});
  return net.add("flatten", Flatten{})
      .dense("fc1", 6)
      .add("clip", Clip{.min = -1, .max = 1})
      .dense("fc2", 5)
      .finish();
}

double seeded_score(const Graph& graph, const BasicTensor<Complex>& input, const DoubleTensor& seed) {
  const auto values = evaluate<Complex>(graph, input.view());
  const auto& logits = values[static_cast<std::size_t>(graph.output())];
  double sum = 0;
  for (std::int64_t k = 0; k < seed.elements(); ++k) sum += seed[k] * logits[k].imag();
  return sum;
}

TEST(Reference, GradientOfAWholeGraphIsItsComplexStep) {
  constexpr double kStep = 1e-100;
  const Graph graph = small_network();
  const DoubleTensor x = random_tensor({1, 3, 9, 8}, "image", 0, 1);
  const auto values = evaluate<double>(graph, x.view());
  const DoubleTensor seed = random_tensor(values.back().shape(), "seed");
  const auto gradients = differentiate<double>(graph, values, seed.view());
  const DoubleTensor& gradient = gradients[static_cast<std::size_t>(graph.input())];
  auto stepped = test::converted<Complex>(x);
  DoubleTensor expected(x.shape());
  for (std::int64_t i = 0; i < x.elements(); ++i) {
    stepped[i] += Complex(0, kStep);
    expected[i] = seeded_score(graph, stepped, seed) / kStep;
    stepped[i] = x[i];
  }
  EXPECT_LE(test::relative_difference(gradient, expected), 1e-12);
}

TEST(Reference, FloatAgreesWithDouble) {
  const Graph graph = small_network();
  const DoubleTensor x = random_tensor({1, 3, 9, 8}, "image", 0, 1);
  const Tensor single = test::converted<float>(x);
  EXPECT_LE(test::relative_difference(evaluate<float>(graph, single.view()).back(),
                                      evaluate<double>(graph, x.view()).back()),
            1e-5);
}

TEST(Reference, DoesNotDependOnThreads) {
  const Graph graph = small_network();
  const DoubleTensor x = random_tensor({2, 3, 9, 8}, "image", 0, 1);
  const auto values = evaluate<double>(graph, x.view());
  const DoubleTensor seed = random_tensor(values.back().shape(), "seed");
  const auto gradients = differentiate<double>(graph, values, seed.view());
  for (const int threads : {2, 3}) {
    set_compute_threads(threads);
    const auto again = evaluate<double>(graph, x.view());
    EXPECT_EQ(test::relative_difference(again.back(), values.back()), 0) << threads;
    EXPECT_EQ(test::relative_difference(differentiate<double>(graph, again, seed.view())[0], gradients[0]), 0)
        << threads;
  }
  set_compute_threads(1);
}

TEST(Reference, ValuesAndGradientsByHand) {
  // y = (x + 2) x, so dy/dx = 2x + 2.
  Graph graph;
  const NodeId x = graph.add("x", Input{{2}}, {});
  const NodeId two = graph.add_constant("two", Tensor({1}, {2}));
  const NodeId sum = graph.add("sum", Binary{}, {x, two});
  const NodeId product = graph.add("product", Binary{Binary::Kind::mul}, {sum, x});
  const NodeId unused = graph.add("unused", Relu{}, {x});
  graph.set_output(product);
  const DoubleTensor input({1, 2}, {3, -5});
  const auto values = evaluate<double>(graph, input.view());
  EXPECT_EQ(values[static_cast<std::size_t>(two)][0], 2);
  EXPECT_EQ(values[static_cast<std::size_t>(product)][0], 15);
  EXPECT_EQ(values[static_cast<std::size_t>(product)][1], 15);
  EXPECT_EQ(values[static_cast<std::size_t>(unused)][1], 0);
  const DoubleTensor seed({1, 2}, {1, 10});
  const auto gradients = differentiate<double>(graph, values, seed.view());
  EXPECT_EQ(gradients[static_cast<std::size_t>(x)][0], 8);
  EXPECT_EQ(gradients[static_cast<std::size_t>(x)][1], -80);
  EXPECT_EQ(gradients[static_cast<std::size_t>(sum)][1], -50);
  EXPECT_EQ(gradients[static_cast<std::size_t>(product)][1], 10);
  EXPECT_EQ(gradients[static_cast<std::size_t>(two)].elements(), 0);
  EXPECT_EQ(gradients[static_cast<std::size_t>(unused)].elements(), 0);
  const auto from_sum = differentiate<double>(graph, values, seed.view(), sum);
  EXPECT_EQ(from_sum[static_cast<std::size_t>(x)][1], 10);
  EXPECT_EQ(from_sum[static_cast<std::size_t>(product)].elements(), 0);
  EXPECT_THROW(differentiate<double>(graph, values, DoubleTensor({2}).view()), ContractError);
}

}  // namespace
}  // namespace faultline::net
