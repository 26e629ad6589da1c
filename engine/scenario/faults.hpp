// Collects everything that is wrong with a scenario, each fault once, in file order.
#pragma once

#include <cstdint>
#include <map>
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
  // Those that have not been said about the same place, in whatever setting; `setting` ("with variant x: ") is put
  // before what they say.
  void add_new(const Faults& others, const std::string& setting);

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
  // The same place may be read many times (a template's value by everything made from it): say it once, as gravely as
  // it ever was.
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::string>, std::size_t> said_;
  std::size_t errors_ = 0, dropped_ = 0;
};

}  // namespace knockon::scenario
