#pragma once

#include <cstdint>
#include <vector>

#include "attack/options.h"

namespace faultline::attack {

// Which squares the Square Attack tries (Andriushchenko et al. 2020, section 3, with the constants of the
// AutoAttack code).

// The share of an image's pixels that the square of a query covers; queries count from 0:
//   p, and after the queries 10, 50, 200, 500, 1000, 2000, 4000, 6000 and 8000 p/2, p/4, ..., p/512.
// rescaled: the schedule is stretched from 10,000 to `queries` queries.
double square_share(double p, int query, int queries, bool rescaled);

// The side of a square that covers a share of [h,w] pixels, rounded, at least 1; for l2 at least 3, odd; and
// never larger than the image, which for l2 may make it even.
std::int64_t square_side(Norm norm, double share, std::int64_t height, std::int64_t width);

// What is laid into a square for l2: [side,side], of length 1. Its upper half rises towards the half's
// centre, the lower one is the same with a minus sign. In a half of r rows (the upper one has floor(side/2))
// the value at (i,j) is proportional to
//   sum over k from d to m - 1 of 1/(k+1)^2,   d = max(|i - floor(r/2)|, |j - floor(side/2)|),
//   m = max(floor(r/2), floor(side/2)) + 1;   each half has length sqrt(1/2), but for side 1, all the lower.
std::vector<double> square_pattern(std::int64_t side);

}  // namespace faultline::attack
