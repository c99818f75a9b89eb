#pragma once

#include <string>
#include <vector>

#include "image/canvas.h"

namespace faultline::codec {

constexpr double kFigureMargin = 16.0;

// The title and the notes below it, broken into lines that fit a figure of that width.
struct Heading {
  std::vector<std::string> title{};
  std::vector<std::string> notes{};
};

Heading make_heading(const std::string& title, const std::vector<std::string>& notes, double figure_width);

// How far down a figure its heading reaches, the margin above it included.
double heading_bottom(const Heading& heading);

void draw_heading(Canvas& canvas, const Heading& heading);

}  // namespace faultline::codec
