// Handing results over on every way that was asked for.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/report/pictures.hpp"
#include "tools/command_line/exit_status.hpp"

namespace knockon::command_line {

// What cannot be written must not cost the reader the results on the other ways: all are tried.
class Delivery {
 public:
  using Text = std::function<std::string()>;

  // To a file, or for "-" to standard output, which then holds nothing else; nowhere when it was not asked for.
  void write(const std::optional<std::string>& where, const Text& text);
  // To standard output, for people: after all that may go there instead.
  void show(const Text& text);
  // Into a folder, which is made when it is not there; nowhere when it was not asked for.
  void draw(const std::optional<std::string>& folder, const std::function<std::vector<report::Picture>()>& pictures);
  // An IoError is said on standard error, and remembered in the status.
  void attempt(const std::function<void()>& deliver);
  [[nodiscard]] ExitStatus status() const { return status_; }

 private:
  bool is_taken_ = false;  // standard output
  ExitStatus status_ = ExitStatus::done;
};

}  // namespace knockon::command_line
