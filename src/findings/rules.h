#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

namespace faultline::findings {

// Every threshold that a verdict depends on, fixed before a run (docs/method.md, "Findings").

// ---- intervals -------------------------------------------------------------------------------------------

inline constexpr double kConfidence = 0.95;  // of every interval and of every family of them
inline constexpr double kAlpha = 0.05;       // of every family of tests, adjusted by Holm
// Bootstrap resamples of a verdict. Tables of many numbers make do with fewer: the simulation moves the ends
// of their intervals by about 7 % of a standard error instead of 3 %.
inline constexpr std::size_t kResamples = 10'000;
inline constexpr std::size_t kTableResamples = 2'000;
// A family of means whose units are complete but for this share is computed from the complete ones.
inline constexpr double kMostIncomplete = 0.05;
// Bands of a family of means that are wider than so many times Bonferroni's, by Student's t, are not used.
inline constexpr double kWidestBands = 2;

// ---- samples ---------------------------------------------------------------------------------------------

// Fewer images than this give no verdict: bootstrap intervals are too narrow then.
inline constexpr std::size_t kFewestForVerdict = 20;
// Fewer than these give one with a caveat.
inline constexpr std::size_t kFewImages = 100;
inline constexpr std::size_t kFewFlips = 50;

// ---- compromised points and blocks -----------------------------------------------------------------

// The least step of a compromised point: the deviation grows by a quarter beyond Gaussian noise's.
inline const double kLeastStep = std::log(1.25);
// The quantile of the harmless inputs' steps that it must exceed.
inline constexpr double kHarmlessQuantile = 0.95;
// Fewer images with harmless inputs than this, and nothing is called compromised.
inline constexpr std::size_t kFewestForCompromised = 50;

// ---- F1: distraction ---------------------------------------------------------------------------------

inline constexpr double kLeastDistraction = 0.05;  // D
inline constexpr std::string_view kDistractionMethod = "layercam";
inline constexpr std::string_view kConfirmingMethod = "hirescam";  // whose sign must be the same
// The last blocks that have layers, the head left out: VGG-16's blocks 3 to 5.
inline constexpr std::size_t kDistractionBlocks = 3;

// ---- F2: few blocks --------------------------------------------------------------------------------------

inline constexpr std::size_t kFewBlocks = 2;  // "one or two"
inline constexpr double kFewBlocksShare = 0.5;
// With a larger share of images whose answer changes by the linear path alone, findings about causes say so.
inline constexpr double kMostlyLinear = 0.5;

// ---- F3: specific blocks ---------------------------------------------------------------------------------

inline constexpr double kLeastConcordance = 0.3;  // Kendall's W

// ---- F4: named layers ------------------------------------------------------------------------------------

inline constexpr std::array<std::string_view, 2> kNamedLayers = {"block4_conv1", "block5_conv1"};
inline constexpr double kOutranksMost = 0.75;  // supported above
inline constexpr double kOutranksHalf = 0.5;   // not supported below

// ---- detection -------------------------------------------------------------------------------------------

inline constexpr double kFalsePositives = 0.05;

}  // namespace faultline::findings
