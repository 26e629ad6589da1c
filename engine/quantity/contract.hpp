// The two errors that travel as exceptions: our own code is wrong, and the world (files, disks, processes) is wrong.
// Wrong user input is never an exception; it is a value with a line and a column.
#pragma once

#include <stdexcept>
#include <string>

namespace knockon::quantity {

// A broken precondition: a defect of knockon. Only main catches it (exit status 4).
class ContractError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// A file that cannot be read or written, a worker that cannot be started (exit status 3).
class IoError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws ContractError unless `holds`, in every build type.
inline void require(bool holds, const char* expectation) {
  if (!holds) throw ContractError{expectation};
}

}  // namespace knockon::quantity
