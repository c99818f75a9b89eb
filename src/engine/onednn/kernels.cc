#include "engine/onednn/kernels.h"

#include <variant>

#include "engine/onednn/average_pool_kernel.h"
#include "engine/onednn/binary_kernel.h"
#include "engine/onednn/channel_affine_kernel.h"
#include "engine/onednn/concat_kernel.h"
#include "engine/onednn/dense_kernel.h"
#include "engine/onednn/elementwise_kernel.h"
#include "engine/onednn/max_pool_kernel.h"
#include "engine/onednn/reshape_kernel.h"

namespace faultline::engine::onednn {

namespace {

// The table of what has a kernel here; operators that it does not name have none.
struct Maker {
  const Site& site;
  Context& context;

  KernelPointer operator()(const net::Gemm& op) const { return make_dense(op, site); }
  KernelPointer operator()(const net::MatMul& op) const { return make_dense(op, site); }
  KernelPointer operator()(const net::BatchNormalization& op) const { return make_channel_affine(op, site); }
  KernelPointer operator()(const net::Normalize& op) const { return make_channel_affine(op, site); }
  KernelPointer operator()(const net::Relu& op) const { return elementwise(op); }
  KernelPointer operator()(const net::LeakyRelu& op) const { return elementwise(op); }
  KernelPointer operator()(const net::Clip& op) const { return elementwise(op); }
  KernelPointer operator()(const net::Sigmoid& op) const { return elementwise(op); }
  KernelPointer operator()(const net::Tanh& op) const { return elementwise(op); }
  KernelPointer operator()(const net::MaxPool& op) const { return make_max_pool(op, site); }
  KernelPointer operator()(const net::AveragePool& op) const { return make_average_pool(op, site); }
  KernelPointer operator()(const net::GlobalAveragePool& op) const { return make_average_pool(op, site); }
  KernelPointer operator()(const net::Binary& op) const { return make_binary(op, site); }
  KernelPointer operator()(const net::Concat& op) const { return make_concat(op, site); }
  KernelPointer operator()(const net::Flatten& /*op*/) const { return make_reshape(site, context); }
  KernelPointer operator()(const net::Reshape& /*op*/) const { return make_reshape(site, context); }
  KernelPointer operator()(const net::Squeeze& /*op*/) const { return make_reshape(site, context); }
  KernelPointer operator()(const net::Unsqueeze& /*op*/) const { return make_reshape(site, context); }
  KernelPointer operator()(const net::Identity& /*op*/) const { return make_reshape(site, context); }
  template <class Op>
  KernelPointer operator()(const Op& /*op*/) const {
    return nullptr;
  }

 private:
  template <class Op>
  KernelPointer elementwise(const Op& op) const {
    return std::make_unique<ElementwiseKernel<Op>>(op, site.output.layout);
  }
};

}  // namespace

KernelPointer make_kernel(const net::Operator& op, const Site& site, Context& context) {
  return std::visit(Maker{site, context}, op);
}

}  // namespace faultline::engine::onednn
