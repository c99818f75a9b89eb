#pragma once

#include <string_view>

#include "serve/http.h"

namespace faultline::serve {

// The pages and what they load, all from within the program.
Response report_page();  // a study's; asks for api/run, api/state and api/image/... beside its address
Response runs_page();    // the list of runs; asks for api/runs
Response try_page();     // asks for api/try

// "report.js", "report.css", "serve.js", "serve.css"; 404 for all else.
Response asset(std::string_view name);

}  // namespace faultline::serve
