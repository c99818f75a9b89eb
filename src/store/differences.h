#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::store {

// In what two runs' configurations differ, a line each: "attack.eps: 2/255 there, 8/255 here", where "there"
// is the first and "here" the second. Paths go into objects, and into arrays of equal length:
// "controls[1].draws". A key that only one has: "heatmap: absent there, gradcam here". Numbers are equal by
// value, the order of keys does not count, and `ignored_keys` of the outermost object do not either. Empty if
// nothing differs. Throws Error{io} if one of them is no JSON object.
std::vector<std::string> differences(std::string_view there, std::string_view here,
                                     std::span<const std::string> ignored_keys = {});

// The configuration without some keys of the outermost object; the others in their order. Throws Error{io} if
// it is no JSON object.
std::string without_keys(std::string_view configuration, std::span<const std::string> ignored_keys);

}  // namespace faultline::store
