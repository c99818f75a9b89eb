#include "stats/table.h"

#include "base/error.h"
#include "stats/finite.h"

namespace faultline::stats {

Table::Table(std::span<const double> values, std::size_t columns) : values_(values), columns_(columns) {
  require(columns > 0, "Table: no column");
  require(values.size() % columns == 0, "Table: the values do not fill whole rows");
  require_finite(values, "Table: a value is not finite");
}

}  // namespace faultline::stats
