#pragma once

#include <cstddef>

namespace faultline::engine {

// Memory between two pages that may not be touched, so that code which reads or writes beyond it is stopped
// at once, generated code too, which no sanitizer sees. For tests: it takes pages of its own and is slow to
// come by.

// Whether the environment asks for it, FAULTLINE_GUARD_BUFFERS=1; read once.
bool guards_buffers();

// `bytes`, a multiple of 64, of 64-byte aligned memory whose end is the end of a page. Throws std::bad_alloc.
void* allocate_guarded(std::size_t bytes);
void free_guarded(void* data, std::size_t bytes) noexcept;

}  // namespace faultline::engine
