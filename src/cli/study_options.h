#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/model_options.h"
#include "cli/response_options.h"
#include "cli/session.h"
#include "study/study_run.h"

namespace faultline::cli {

// What the command `study` was given.
struct StudyOptions {
  ModelOptions model;
  std::vector<std::string> images;
  std::string output;
  std::optional<std::string> pairs;
  std::optional<std::string> truth;
  std::string criteria = "correct";
  std::optional<std::size_t> limit;
  std::optional<std::string> shard;
  std::vector<std::string> attacks;
  std::vector<std::string> eps;
  std::optional<std::string> at;
  std::vector<std::string> controls;
  std::optional<int> draws;
  std::vector<std::string> assignments;
  ResponseChoice response;
  std::string causal = "all";
  std::string causal_grid = "default";
  bool no_detection = false;
  bool no_pictures = false;
  study::TwinsWanted twins;
  std::optional<std::int64_t> budget_s;
  bool json_lines = false;
};

// The job that it stands for. Throws Error{usage} naming the option that is not understood, or what does not
// go together.
study::StudyJob to_job(const StudyOptions& given, const Session& session);

}  // namespace faultline::cli
