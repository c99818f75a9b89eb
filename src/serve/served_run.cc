#include "serve/served_run.h"

#include <array>

#include "base/error.h"
#include "report/gallery_inputs.h"
#include "report/study_payload.h"
#include "store/store.h"

namespace faultline::serve {

namespace {

using Json = nlohmann::ordered_json;

// Of the time that passes, making payloads of a growing run takes one part in so many.
constexpr int kShare = 5;

RunState read_state(const std::filesystem::path& folder) {
  RunState state;
  try {
    const store::Store store = store::Store::open(folder, store::Access::read);
    state.model_file = store.run().model_file;
    state.created = store.run().created;
    state.finished = store.run().finished;
    state.planned_images = store.run().planned_images;
    store.for_each<store::ImageRow>([&](const store::ImageRow& row) {
      ++state.images;
      state.studied += row.status == "studied" ? 1 : 0;
    });
  } catch (const Error& error) {
    state.problem = error.what();
  }
  return state;
}

// The keys of an image's pictures: image, condition, input. A study keeps them of one condition.
std::vector<std::vector<std::int64_t>> pictures_of(const store::Store& store, std::int64_t image) {
  return store.read_keys<store::PictureRow>("image = ?", std::array<std::int64_t, 1>{image});
}

}  // namespace

Json to_json(const RunState& state) {
  if (!state.problem.empty()) return {{"problem", state.problem}};
  return {{"model_file", state.model_file},         {"created", state.created}, {"finished", state.finished},
          {"planned_images", state.planned_images}, {"images", state.images},   {"studied", state.studied}};
}

ServedRun::ServedRun(std::filesystem::path folder) : folder_(std::move(folder)) {}

RunState ServedRun::state() {
  const std::lock_guard lock(state_mutex_);
  // Before the store is read: what is committed meanwhile changes the stamp, and is read the next time.
  const RunStamp now = run_stamp(folder_);
  if (state_stamp_ != now) {
    state_ = read_state(folder_);
    state_stamp_ = now;
  }
  return state_;
}

std::shared_ptr<const std::string> ServedRun::payload() {
  const std::lock_guard lock(payload_mutex_);
  const RunStamp now = run_stamp(folder_);
  const Clock::time_point begun = Clock::now();
  if (payload_stamp_ == now) return payload_;
  // Not by the file's number: that of a removed file is given to the next.
  const RunState run = state();
  const bool same_run = payload_ && run.problem.empty() && run.created == payload_created_;
  if (same_run && begun < fresh_until_) return payload_;
  store::Store store = store::Store::open(folder_, store::Access::read);
  const Json payload = report::study_payload(store, {.pictures = report::Pictures::on_demand});
  payload_ =
      std::make_shared<const std::string>(payload.dump(-1, ' ', false, Json::error_handler_t::replace));
  payload_stamp_ = now;
  payload_created_ = run.created;
  fresh_until_ = Clock::now() + (kShare - 1) * (Clock::now() - begun);
  return payload_;
}

void ServedRun::forget_payload() {
  const std::unique_lock lock(payload_mutex_, std::try_to_lock);
  if (!lock) return;
  payload_.reset();
  payload_stamp_.reset();
}

std::optional<std::string> ServedRun::inputs(std::int64_t image) const {
  const store::Store store = store::Store::open(folder_, store::Access::read);
  const auto pictures = pictures_of(store, image);
  if (pictures.empty()) return std::nullopt;
  return report::gallery_inputs(store, image, pictures.front()[1]).dump();
}

std::optional<std::string> ServedRun::picture(std::int64_t image) const {
  const store::Store store = store::Store::open(folder_, store::Access::read);
  const std::array<std::int64_t, 2> key = {image, 0};
  const auto rows = store.read<store::PictureRow>("image = ? AND input = ?", key);
  if (rows.empty()) return std::nullopt;
  return std::string(rows.front().webp.begin(), rows.front().webp.end());
}

}  // namespace faultline::serve
