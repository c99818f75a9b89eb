#pragma once

#include <functional>
#include <string_view>

#include "store/store.h"

namespace faultline::store {

// A table as CSV (RFC 4180): sink(line) for the line of column names and then each row in the order of the
// key; lines end in CR LF. A missing value is nothing between the commas, an empty text is "". Numbers are
// the shortest that read back as they are; yes and no are 1 and 0; an array is its numbers with spaces
// between. Throws Error{usage} naming the tables there are if `table` is none of them.
void export_csv(const Store& store, std::string_view table,
                const std::function<void(std::string_view line)>& sink);

}  // namespace faultline::store
