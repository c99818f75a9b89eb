#pragma once

#include "engine/onednn/site.h"
#include "net/operator.h"

namespace faultline::engine::onednn {

// y[c,p] = scale[c] x[source[c],p] + shift[c]: what batch normalisation with fixed statistics and the
// normalisation of images come to. Scale and shift are folded in double.
KernelPointer make_channel_affine(const net::BatchNormalization& op, const Site& site);
// Null if two output channels take the same image channel.
KernelPointer make_channel_affine(const net::Normalize& op, const Site& site);

// scale and shift [C] of a batch normalisation.
struct ChannelAffine {
  DoubleTensor scale;
  DoubleTensor shift;
};
ChannelAffine fold(const net::BatchNormalization& op, const Tensor& scale, const Tensor& bias,
                   const Tensor& mean, const Tensor& variance);

}  // namespace faultline::engine::onednn
