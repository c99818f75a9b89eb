#include "serve/compute_queue.h"

#include <algorithm>

#include "base/log.h"
#include "base/parallel.h"

namespace faultline::serve {

struct ComputeQueue::Job {
  Work work;
  std::atomic<bool> stop = false;
  std::optional<std::chrono::steady_clock::time_point> end = {};  // once it runs
  bool late = false;
  View view = {};  // without `ahead`
};

ComputeQueue::ComputeQueue(std::size_t waiting, std::chrono::milliseconds longest)
    : waiting_(waiting), longest_(longest) {
  // The number of compute threads belongs to a thread: the new one takes over this one's.
  thread_ = std::thread([this, threads = compute_threads()] {
    set_compute_threads(threads);
    run();
  });
}

ComputeQueue::~ComputeQueue() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (const auto& job : jobs_) job->stop = true;
    changed_.notify_all();
  }
  thread_.join();
}

bool ComputeQueue::is_full() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size() > waiting_;
}

std::shared_ptr<ComputeQueue::Ticket> ComputeQueue::submit(Work work) {
  const std::lock_guard lock(mutex_);
  if (closed_ || jobs_.size() > waiting_) return nullptr;
  const auto job = std::make_shared<Job>();
  job->work = std::move(work);
  jobs_.push_back(job);
  changed_.notify_all();
  return std::shared_ptr<Ticket>(new Ticket(*this, job));
}

void ComputeQueue::run() {
  for (;;) {
    std::shared_ptr<Job> job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return closed_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      job = jobs_.front();
      job->end = std::chrono::steady_clock::now() + longest_;
    }
    compute(*job);
    const std::lock_guard lock(mutex_);
    job->work = {};
    job->view.ended = true;
    std::erase(jobs_, job);
    changed_.notify_all();
  }
}

void ComputeQueue::compute(Job& job) {
  const RunControl control(
      [&](const Progress& progress) {
        const std::lock_guard lock(mutex_);
        job.view.progress = progress;
      },
      &job.stop);
  std::string result;
  std::string problem;
  try {
    control.checkpoint();
    result = job.work(control);
  } catch (const Error& error) {
    problem = error.what();
  } catch (const std::exception& error) {
    log_warning(std::string("a computation failed: ") + error.what());
    problem = "the computation failed: the server's log says more";
  }
  const std::lock_guard lock(mutex_);
  if (job.late && !problem.empty())
    problem =
        "stopped after " + std::to_string(longest_.count() / 1000) + " s, the longest that one may take";
  job.view.result = std::move(result);
  job.view.problem = std::move(problem);
}

ComputeQueue::Ticket::~Ticket() {
  const std::lock_guard lock(queue_.mutex_);
  job_->stop = true;
  // What has not begun makes room at once.
  if (!queue_.jobs_.empty() && queue_.jobs_.front() != job_) std::erase(queue_.jobs_, job_);
}

ComputeQueue::View ComputeQueue::Ticket::wait(std::chrono::milliseconds longest) const {
  std::unique_lock lock(queue_.mutex_);
  const auto has_ended = [&] { return job_->view.ended; };
  queue_.changed_.wait_for(lock, longest, has_ended);
  // Work that reports nothing is late too: so it is looked at by those who wait for it.
  if (!has_ended() && job_->end && std::chrono::steady_clock::now() > *job_->end)
    job_->late = job_->stop = true;
  View view = job_->view;
  const auto at = std::ranges::find(queue_.jobs_, job_);
  view.ahead = at == queue_.jobs_.end() ? 0 : static_cast<std::size_t>(at - queue_.jobs_.begin());
  return view;
}

}  // namespace faultline::serve
