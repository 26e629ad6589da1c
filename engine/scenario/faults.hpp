// Collects everything that is wrong with a scenario, each fault once, in file order.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "engine/scenario/diagnostic.hpp"
#include "engine/scenario/document.hpp"

namespace knockon::scenario {

class Faults {
 public:
  void error(const Span& span, std::string code, std::string message, std::string hint = {});
  void warning(const Span& span, std::string code, std::string message, std::string hint = {});

  void add_all(const Faults& others);

  [[nodiscard]] bool any_errors() const { return errors_ > 0; }
  // Beyond this no further fault is shown: who reports need not look for suggestions any more.
  [[nodiscard]] bool is_full() const { return dropped_ > 0; }

  // Sorted by file, line and column; of faults said twice about one place, one.
  [[nodiscard]] Diagnostics in_file_order() const;

 private:
  struct Fault {
    Span span;
    Severity severity;
    std::string code, message, hint;
  };
  void add(Fault fault);

  std::vector<Fault> faults_;
  // The same place may be read many times (a template's value by everything made from it): say it once.
  std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::string>> said_;
  std::size_t errors_ = 0, dropped_ = 0;
};

}  // namespace knockon::scenario
