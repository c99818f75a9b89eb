#include "engine/executor/buffer_pool.h"

#include <algorithm>
#include <new>

#include "engine/executor/guarded_memory.h"

namespace faultline::engine {

namespace {

constexpr std::size_t kAlignment = 64;

void* allocate(std::size_t bytes) {
  return guards_buffers() ? allocate_guarded(bytes) : ::operator new (bytes, std::align_val_t{kAlignment});
}

}  // namespace

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  if (this != &other) {
    release();
    pool_ = other.pool_;
    data_ = std::exchange(other.data_, nullptr);
    bytes_ = other.bytes_;
  }
  return *this;
}

void Buffer::release() {
  if (data_ != nullptr) pool_->give_back(std::exchange(data_, nullptr), bytes_);
}

void BufferPool::Free::operator()(void* data) const {
  guards_buffers() ? free_guarded(data, bytes) : ::operator delete (data, std::align_val_t{kAlignment});
}

Buffer BufferPool::lease_bytes(std::size_t bytes) {
  const std::size_t rounded = std::max(kAlignment, (bytes + kAlignment - 1) / kAlignment * kAlignment);
  std::vector<void*>& unused = unused_[rounded];
  if (unused.empty()) {
    owned_.emplace_back(allocate(rounded), Free{rounded});
    // Room for every buffer of this size, so that giving one back cannot fail.
    unused.reserve(owned_.size());
    unused.push_back(owned_.back().get());
  }
  void* data = unused.back();
  unused.pop_back();
  return {*this, data, rounded};
}

void BufferPool::give_back(void* data, std::size_t bytes) noexcept {
  unused_.find(bytes)->second.push_back(data);
}

}  // namespace faultline::engine
