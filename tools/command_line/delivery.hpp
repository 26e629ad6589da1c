// Handing results over on every way that was asked for.
#pragma once

#include <functional>

#include "tools/command_line/exit_status.hpp"

namespace knockon::command_line {

// What cannot be written must not cost the reader the results on the other ways: all are tried.
class Delivery {
 public:
  // An IoError is said on standard error, and remembered in the status.
  void attempt(const std::function<void()>& deliver);
  [[nodiscard]] ExitStatus status() const { return status_; }

 private:
  ExitStatus status_ = ExitStatus::done;
};

}  // namespace knockon::command_line
