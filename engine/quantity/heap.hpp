// How the heap of a process grows when a lot is about to be taken.
#pragma once

#include <cstddef>

namespace knockon::quantity {

// The next `bytes` from the heap lie on large pages, where the system has such to give when asked (transparent huge
// pages of Linux), and what is freed stays with the process for what is taken next. Nothing is taken before it is used.
// Worth its while from a megabyte on: a processor finds few small pages at once, and each has to be asked for.
void prepare_heap(std::size_t bytes);

}  // namespace knockon::quantity
