#pragma once

#include <cairo.h>

namespace faultline::codec {

// The font of every figure; metrics are not hinted, so that a text is as wide at any scale and in SVG.
void select_font(cairo_t* target, double size, bool bold);

}  // namespace faultline::codec
