#pragma once

#include "serve/http.h"
#include "serve/run_catalogue.h"
#include "serve/try_it.h"

namespace faultline::serve {

// What is where (docs/serve.md). Of a run the pages are at /, of a folder of runs at /run/NAME/:
//   (empty)             the report
//   api/run             its payload                    api/state            how far the run is
//   api/image/ID        pictures and heatmaps          api/image/ID/picture the clean picture, WebP
// and of a folder
//   /                   the list of runs               /api/runs            the same as JSON
// Beside either, if the site has one,
//   /try                to try a picture               /api/try             what can be chosen; POST: a try
// All else is 404: no path of a request becomes a path of the file system.
class Site {
 public:
  // `tries` may be null. Both must outlive the site.
  explicit Site(RunCatalogue& runs, TryIt* tries = nullptr) : runs_(runs), tries_(tries) {}

  // The path that takes uploads.
  static constexpr const char* kUpload = "/api/try";

  Response answer(const Request& request) const;

 private:
  Response run_answer(ServedRun& run, std::string_view path) const;
  Response list() const;

  RunCatalogue& runs_;
  TryIt* tries_;
};

}  // namespace faultline::serve
