#include "study/study_run.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "base/read_ahead.h"
#include "store/differences.h"
#include "store/store.h"
#include "study/partners.h"
#include "study/twin.h"

namespace faultline::study {

namespace {

using Clock = std::chrono::steady_clock;

// One more is decoded while one is studied.
constexpr std::size_t kAhead = 2;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::int64_t peak_rss_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

std::string twin_name(std::int64_t network) {
  return network == 0 ? "model" : fmt::format("twin-{}", network);
}

// Whether an error is about one image, and the others can do without it.
bool is_of_the_image(const Error& error) {
  return error.kind() == ErrorKind::image;
}

void check(const StudyJob& job) {
  if (job.images.empty()) throw Error(ErrorKind::usage, "a study of no images");
  const bool is_shard = job.shard.count >= 1 && job.shard.index >= 1 && job.shard.index <= job.shard.count;
  if (!is_shard) {
    throw Error(ErrorKind::usage, fmt::format("shard {}/{}: expected i/n with i from 1 to n", job.shard.index,
                                              job.shard.count));
  }
  if (job.twins.count < 0 || job.twins.images < 1 || job.twins.measured_on < 2)
    throw Error(ErrorKind::usage, "twins: expected no fewer than 0, on at least 1 image, made on at least 2");
  for (const ListedImage& image : job.images) {
    if (job.given && !image.perturbed)
      throw Error(ErrorKind::usage, image.file.string() + ": no perturbed input is given for it");
  }
}

// The study of one run's folder.
class Run {
 public:
  Run(const StudyJob& job, const engine::Engine& engine, const StudyEvents& events, const RunControl& control)
      : job_(job),
        engine_(engine),
        events_(events),
        control_(control),
        set_(job.images),
        chosen_(set_.sample(job.limit.value_or(set_.size()))),
        images_(numbers_of_shard()),
        store_(open_store()) {
    for (const store::ImageRow& row : store_.read<store::ImageRow>())
      done_.emplace(0, static_cast<std::size_t>(row.image));
    for (const store::TwinImageRow& row : store_.read<store::TwinImageRow>())
      done_.emplace(row.network, static_cast<std::size_t>(row.image));
    if (job.twins.count > 0) {
      for (const std::size_t position : set_.sample(limited(job.twins.images))) {
        const auto number =
            static_cast<std::size_t>(std::ranges::lower_bound(chosen_, position) - chosen_.begin());
        if (job.shard.holds(number)) twin_images_.push_back(number);
      }
    }
    result_.total = std::ssize(images_) + job.twins.count * std::ssize(twin_images_);
    result_.done = result_.done_before = std::ssize(done_);
  }

  StudyResult run() {
    for (std::int64_t network = 0; network <= job_.twins.count; ++network) {
      const std::vector<std::size_t> open = still_open(network);
      if (!open.empty() && !study(network, open)) return result_;
    }
    if (!store_.run().finished) store_.set_finished();
    result_.finished = true;
    return result_;
  }

 private:
  // What is read ahead of the study.
  struct Input {
    InputImage image;
    std::optional<Tensor> perturbed;
  };

  // As many images, or as many as the limit leaves.
  std::size_t limited(std::int64_t count) const {
    return std::min(static_cast<std::size_t>(count), job_.limit.value_or(set_.size()));
  }
  std::vector<std::size_t> numbers_of_shard() const {
    std::vector<std::size_t> numbers;
    for (std::size_t number = 0; number < chosen_.size(); ++number) {
      if (job_.shard.holds(number)) numbers.push_back(number);
    }
    return numbers;
  }
  const ListedImage& listed(std::size_t number) const { return set_.images()[chosen_[number]]; }
  std::vector<std::size_t> still_open(std::int64_t network) const {
    std::vector<std::size_t> open = network == 0 ? images_ : twin_images_;
    std::erase_if(open, [&](std::size_t i) { return done_.contains({network, i}); });
    return open;
  }

  store::Store open_store() {
    const std::string wanted = configuration(job_, set_, engine_);
    store::Store store = store::Store::exists(job_.output)
                             ? store::Store::open(job_.output, store::Access::write)
                             : store::Store::create(job_.output, run_row(wanted));
    const std::vector<std::string> differences = store::differences(store.run().configuration, wanted);
    if (!differences.empty()) {
      throw Error(
          ErrorKind::usage,
          fmt::format("{} holds a study with another configuration, expected the same or a new folder; "
                      "what differs: {}",
                      job_.output.string(), fmt::join(differences, "; ")));
    }
    // A process may have been killed right after it made the store.
    if (store.read<store::NetworkRow>().empty()) insert_description(store);
    return store;
  }

  store::RunRow run_row(const std::string& wanted) const {
    return {.program_version = FAULTLINE_VERSION,
            .model_file = job_.model_file.string(),
            .model_sha256 = job_.model.sha256,
            .configuration = wanted,
            .created = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))),
            .planned_images = std::ssize(images_)};
  }

  void insert_description(store::Store& store) const {
    std::vector<store::NetworkRow> networks;
    std::vector<store::ConditionRow> of_networks;
    for (std::int64_t network = 0; network <= job_.twins.count; ++network) {
      store::NetworkRow row{.network = network, .name = twin_name(network)};
      if (network > 0) row.seed = static_cast<std::int64_t>(twin_seed(network));
      networks.push_back(std::move(row));
      for (const Condition& condition : conditions(network)) of_networks.push_back(condition.row());
    }
    const auto put = [&]<class Row>(const std::vector<Row>& rows) {
      store.insert(std::span<const Row>(rows));
    };
    store.begin();
    put(networks);
    put(of_networks);
    put(class_rows(job_.model.manifest.labels));
    put(block_rows(job_.model.map));
    put(layer_rows(job_.model.map));
    put(point_rows(job_.model.map));
    put(segment_rows(job_.model.graph, job_.model.map));
    store.commit();
  }

  std::uint64_t twin_seed(std::int64_t network) const {
    return job_.options.analysis.seed * 1000 + static_cast<std::uint64_t>(network);
  }

  std::vector<Condition> conditions(std::int64_t network) const {
    if (job_.given) return {given_condition(network)};
    const auto each = std::ssize(conditions_of(job_.attacks, 0, 0));
    return conditions_of(job_.attacks, network, network * each);
  }

  // A twin is compared with gaussian noise and boost alone, and its layers are not interfered with.
  ImageStudyOptions options(std::int64_t network) const {
    ImageStudyOptions options = job_.options;
    if (network == 0) return options;
    std::erase_if(options.analysis.controls, [](const Settings& control) {
      return control.name() != "gaussian" && control.name() != "boost";
    });
    options.causes = {.gates = options.causes.gates,
                      .dose = false,
                      .direction = false,
                      .subset = false,
                      .restore = false,
                      .branches = false};
    options.detection = false;
    return options;
  }

  formats::Model twin(std::int64_t network) const {
    std::vector<Tensor> pixels;
    for (const std::size_t position : set_.sample(limited(job_.twins.measured_on))) {
      try {
        pixels.push_back(load_input(set_.images()[position].file, job_.model.manifest).pixels);
      } catch (const Error& error) {
        if (!is_of_the_image(error)) throw;
      }
    }
    if (pixels.size() < 2)
      throw Error(ErrorKind::usage, "twins are made on at least 2 images that can be read (--twins 0: none)");
    formats::Model model = job_.model;
    model.graph =
        make_twin(job_.model.graph, engine_, stack(pixels), twin_seed(network), control_.without_progress());
    return model;
  }

  InputImage load(std::size_t position) const {
    InputImage image = load_input(set_.images()[position].file, job_.model.manifest);
    image.sha256 = set_.ids()[position];
    return image;
  }

  // False if the budget is spent.
  bool study(std::int64_t network, const std::vector<std::size_t>& open) {
    control_.report({result_.done, result_.total, "preparing " + twin_name(network)});
    const formats::Model model = network == 0 ? job_.model : twin(network);
    ImageStudy images(model, engine_, conditions(network), options(network));
    if (events_.on_begin && network == 0)
      events_.on_begin({images.most_passes(), std::ssize(open), job_.twins.count * std::ssize(twin_images_)});
    Partners partners(set_.hashes(), [&](std::size_t position) {
      try {
        return images.predict(load_input(set_.images()[position].file, model.manifest).pixels).first;
      } catch (const Error& error) {
        if (!is_of_the_image(error)) throw;
        return -1;
      }
    });
    ReadAhead<Input> inputs(std::ssize(open), kAhead, [&](std::int64_t k) {
      const std::size_t i = open[static_cast<std::size_t>(k)];
      Input input{load(chosen_[i]), {}};
      if (job_.given) input.perturbed = load_perturbed(*listed(i).perturbed, model.manifest);
      return input;
    });
    for (const std::size_t i : open) {
      if (job_.budget && Clock::now() - start_ >= *job_.budget) return false;
      control_.checkpoint();
      control_.report({result_.done, result_.total, listed(i).file.filename().string()});
      const Clock::time_point began = Clock::now();
      ImageRecord record;
      std::string status = "studied";
      std::string reason;
      try {
        const Input input = inputs.next();
        status = fill(network, i, images, partners, input, record);
      } catch (const Error& error) {
        if (!is_of_the_image(error)) throw;
        record = {};
        status = "unreadable";
        reason = error.what();
        add_unreadable(network, i, reason, record);
      }
      model.check_unchanged();
      const double seconds = seconds_since(began);
      if (network == 0) record.timing.push_back({static_cast<std::int64_t>(i), seconds, peak_rss_bytes()});
      insert(store_, record);
      tell(network, i, status, reason, record, seconds);
    }
    control_.report({result_.done, result_.total, ""});
    return true;
  }

  std::string fill(std::int64_t network, std::size_t i, ImageStudy& images, Partners& partners,
                   const Input& input, ImageRecord& record) {
    const auto number = static_cast<std::int64_t>(i);
    const auto [predicted, probability] = images.predict(input.image.pixels);
    if (network > 0) {
      record.twin_image.push_back({network, number, predicted, probability});
    } else {
      store::ImageRow row{.image = number,
                          .id = set_.ids()[chosen_[i]],
                          .file = listed(i).file.string(),
                          .status = "studied",
                          .width = input.image.width,
                          .height = input.image.height,
                          .predicted_class = predicted,
                          .probability = probability};
      const std::optional<int> truth = listed(i).true_class;
      if (truth) row.true_class = *truth;
      const bool is_wrong = truth && *truth != predicted;
      if (is_wrong && !job_.misclassified_too) row.status = "misclassified";
      record.image.push_back(row);
      if (row.status != "studied") return row.status;
    }
    std::vector<InputImage> of_partners;
    for (const std::size_t partner : partners.of(chosen_[i], images.draws_of(control::Needs::transfer)))
      of_partners.push_back(load(partner));
    images.study(input.image, number, of_partners, input.perturbed ? &*input.perturbed : nullptr, control_,
                 record);
    return "studied";
  }

  void add_unreadable(std::int64_t network, std::size_t i, const std::string& reason,
                      ImageRecord& record) const {
    const auto number = static_cast<std::int64_t>(i);
    if (network > 0) {
      record.twin_image.push_back({network, number, -1, 0});
      return;
    }
    store::ImageRow row{.image = number,
                        .id = set_.ids()[chosen_[i]],
                        .file = listed(i).file.string(),
                        .status = "unreadable",
                        .reason = reason};
    if (listed(i).true_class) row.true_class = *listed(i).true_class;
    record.image.push_back(std::move(row));
  }

  void tell(std::int64_t network, std::size_t i, const std::string& status, const std::string& reason,
            const ImageRecord& record, double seconds) {
    ++result_.done;
    if (!events_.on_image) return;
    ImageDone done{.network = twin_name(network),
                   .image = static_cast<std::int64_t>(i),
                   .file = listed(i).file.string(),
                   .status = status,
                   .reason = reason,
                   .done = result_.done,
                   .total = result_.total,
                   .seconds = seconds};
    done.conditions = static_cast<int>(std::ssize(record.attacks));
    done.flipped = static_cast<int>(std::ranges::count(record.attacks, true, &store::AttackRow::success));
    events_.on_image(done);
  }

  const StudyJob& job_;
  const engine::Engine& engine_;
  const StudyEvents& events_;
  const RunControl& control_;
  const ImageSet set_;
  const std::vector<std::size_t> chosen_;  // positions in the whole list, by the image's number
  const std::vector<std::size_t> images_;  // of this shard
  store::Store store_;
  const Clock::time_point start_ = Clock::now();
  std::set<std::pair<std::int64_t, std::size_t>> done_;  // network, image
  std::vector<std::size_t> twin_images_;
  StudyResult result_;
};

}  // namespace

StudyResult run_study(const StudyJob& job, const engine::Engine& engine, const StudyEvents& events,
                      const RunControl& control) {
  check(job);
  job.model.require_logits("study");
  return Run(job, engine, events, control).run();
}

}  // namespace faultline::study
