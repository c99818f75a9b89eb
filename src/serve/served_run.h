#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "serve/run_stamp.h"

namespace faultline::serve {

// How far a run is.
struct RunState {
  std::string model_file = {};
  std::string created = {};
  bool finished = false;
  std::int64_t planned_images = 0;  // once it is finished
  std::int64_t images = 0;          // committed, whatever their status
  std::int64_t studied = 0;         // of them
  std::string problem = {};         // why it cannot be read, or empty; then nothing of the above is known
};

nlohmann::ordered_json to_json(const RunState& state);

// A run's folder as its pages see it. Opens the store anew for each answer, so that a run may be written, or
// replaced, meanwhile; what takes long is kept until the store has changed. Any thread may call.
class ServedRun {
 public:
  explicit ServedRun(std::filesystem::path folder);

  const std::filesystem::path& folder() const { return folder_; }
  // Does not throw: an unreadable store is a `problem`.
  RunState state();

  // study_payload() of the run with all images listed and no pictures, as JSON text. Made once for each state
  // of the store; while the run grows, so seldom that making it takes at most a fifth of the time: what is
  // given may be that much old. Those who ask while it is made wait for it. Throws what reading a store does.
  std::shared_ptr<const std::string> payload();
  // Frees what payload() keeps, unless it is being made.
  void forget_payload();

  // Pictures and heatmaps of an image under the condition that the gallery is about, as JSON text; none if
  // the run has none of it.
  std::optional<std::string> inputs(std::int64_t image) const;
  // Its clean picture, WebP; likewise.
  std::optional<std::string> picture(std::int64_t image) const;

 private:
  using Clock = std::chrono::steady_clock;

  std::filesystem::path folder_;
  std::mutex state_mutex_ = {};
  std::optional<RunStamp> state_stamp_ = {};
  RunState state_ = {};
  std::mutex payload_mutex_ = {};
  std::optional<RunStamp> payload_stamp_ = {};
  std::string payload_created_ = {};  // when the run began that it is of
  std::shared_ptr<const std::string> payload_ = {};
  Clock::time_point fresh_until_ = {};
};

}  // namespace faultline::serve
