#include "engine/executor/guarded_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <new>
#include <string_view>

namespace faultline::engine {

namespace {

std::size_t page_bytes() {
  static const auto bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

// Whole pages for so many bytes.
std::size_t inner_bytes(std::size_t bytes) {
  return (bytes + page_bytes() - 1) / page_bytes() * page_bytes();
}

}  // namespace

bool guards_buffers() {
  static const bool guards = [] {
    const char* value = std::getenv("FAULTLINE_GUARD_BUFFERS");
    return value != nullptr && std::string_view(value) == "1";
  }();
  return guards;
}

void* allocate_guarded(std::size_t bytes) {
  const std::size_t inner = inner_bytes(bytes);
  void* const all = ::mmap(nullptr, inner + 2 * page_bytes(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED) throw std::bad_alloc();
  auto* const first = static_cast<std::byte*>(all) + page_bytes();
  if (::mprotect(first, inner, PROT_READ | PROT_WRITE) != 0) {
    ::munmap(all, inner + 2 * page_bytes());
    throw std::bad_alloc();
  }
  return first + (inner - bytes);
}

void free_guarded(void* data, std::size_t bytes) noexcept {
  const std::size_t inner = inner_bytes(bytes);
  ::munmap(static_cast<std::byte*>(data) - (inner - bytes) - page_bytes(), inner + 2 * page_bytes());
}

}  // namespace faultline::engine
