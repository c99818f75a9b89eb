#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace faultline::engine {

class BufferPool;

// A leased piece of memory, 64-byte aligned, not initialised. Goes back to its pool, which must outlive it.
class Buffer {
 public:
  Buffer() = default;
  Buffer(BufferPool& pool, void* data, std::size_t bytes) : pool_(&pool), data_(data), bytes_(bytes) {}
  Buffer(Buffer&& other) noexcept
      : pool_(other.pool_), data_(std::exchange(other.data_, nullptr)), bytes_(other.bytes_) {}
  Buffer& operator=(Buffer&& other) noexcept;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { release(); }

  template <class T>
  T* as() const {
    return static_cast<T*>(data_);
  }

 private:
  void release();
  BufferPool* pool_ = nullptr;
  void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

// Memory of a plan, by the row of a value: what has been allocated once is leased again to whatever needs as
// many bytes, so that a second batch that is not larger than the first allocates nothing. Never shrinks.
//   With FAULTLINE_GUARD_BUFFERS=1 in the environment every buffer ends at a page that may not be touched
//   (guarded_memory.h).
class BufferPool {
 public:
  BufferPool() = default;
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  template <class T>
  Buffer lease(std::int64_t elements) {
    return lease_bytes(static_cast<std::size_t>(elements) * sizeof(T));
  }
  // How often memory had to be asked of the system.
  std::int64_t allocations() const { return static_cast<std::int64_t>(owned_.size()); }

 private:
  friend class Buffer;
  struct Free {
    std::size_t bytes = 0;
    void operator()(void* data) const;
  };
  Buffer lease_bytes(std::size_t bytes);
  void give_back(void* data, std::size_t bytes) noexcept;

  std::map<std::size_t, std::vector<void*>> unused_;
  std::vector<std::unique_ptr<void, Free>> owned_;
};

// One leased buffer for each of several rows.
template <class S>
struct LeasedRows {
  std::vector<Buffer> buffers;
  std::vector<S*> rows;

  LeasedRows() = default;
  LeasedRows(BufferPool& pool, std::size_t count, std::int64_t row_elements) {
    for (std::size_t i = 0; i < count; ++i) {
      buffers.push_back(pool.lease<S>(row_elements));
      rows.push_back(buffers.back().template as<S>());
    }
  }
  bool empty() const { return rows.empty(); }
};

}  // namespace faultline::engine
