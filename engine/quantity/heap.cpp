#include "engine/quantity/heap.hpp"

#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace knockon::quantity {
namespace {

constexpr std::size_t page = 2 << 20;    // a large one
constexpr int mappings_at_most = 65536;  // the allocator's own

}  // namespace

void prepare_heap(std::size_t bytes) {
  const std::size_t wanted = std::clamp(bytes, page, std::size_t{1} << 30) + page;
  mallopt(M_TRIM_THRESHOLD, static_cast<int>(wanted) + (64 << 20));
  mallopt(M_TOP_PAD, 1 << 20);
  // For once everything from the heap itself, however large: what is freed then is the next to be taken.
  mallopt(M_MMAP_MAX, 0);
  void* const memory = std::malloc(wanted);
  mallopt(M_MMAP_MAX, mappings_at_most);
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  void* first = memory;
  std::size_t left = wanted;
  if (memory && std::align(page, page, first, left)) madvise(first, left / page * page, MADV_HUGEPAGE);
  std::free(memory);
}

}  // namespace knockon::quantity
