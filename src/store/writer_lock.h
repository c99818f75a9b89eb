#pragma once

#include <filesystem>

namespace faultline::store {

// Makes its holder the only writer of a run: an exclusive lock on `run.lock` in the run's folder, which holds
// the writer's process id. The system gives the lock up when the process ends, however it ends; a file that a
// killed process left is in nobody's way. Readers need no lock.
class WriterLock {
 public:
  // Throws Error{io} naming the file if another process (or object) holds it, or it cannot be made.
  explicit WriterLock(const std::filesystem::path& folder);
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&&) = delete;
  ~WriterLock();

 private:
  std::filesystem::path path_;
  int file_ = -1;
};

}  // namespace faultline::store
