// XML as its parser tells it, element by element, for readers of formats that are written in it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/foreign/material.hpp"

namespace knockon::foreign {

class Xml {
 public:
  // Of one element; as long as it is being started.
  class Attributes {
   public:
    explicit Attributes(const char** all) : all_{all} {}
    [[nodiscard]] std::string find(std::string_view name) const;  // empty when it is not there

   private:
    const char** all_;  // names and values in turn, then null
  };
  // What the reader makes of an element, known without its prefix (y:NodeLabel is NodeLabel): when it begins, and when
  // it ends, with the text that stands in it, up to what anybody would call a name.
  struct Reader {
    std::function<void(const std::string& name, const Attributes& attributes)> start;
    std::function<void(const std::string& name, const std::string& text)> end;
  };

  // `root` is what the whole must be.
  Xml(Material& material, std::string root, Reader reader);
  ~Xml();
  Xml(const Xml&) = delete;
  Xml& operator=(const Xml&) = delete;

  // Whether it came to the end.
  [[nodiscard]] bool read();
  [[nodiscard]] std::uint32_t line() const;  // of what is being read
  void refuse(const char* code, const std::string& message, const char* hint = "");
  // The same, and no element is told any more.
  void stop(const char* code, const std::string& message, const char* hint = "");
  [[nodiscard]] bool is_stopped() const;
  // The value of an attribute that has to be there; without it, reading stops.
  [[nodiscard]] std::string needed(const Attributes& attributes, const char* name, const char* what);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace knockon::foreign
