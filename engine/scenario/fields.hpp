// The keys of one entry as typed values: what was written, else the description's default, read the same way. What is
// wrong with a value has been reported by the shape's check; here it simply counts as zero or absent.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/quantity/amount.hpp"
#include "engine/quantity/time.hpp"
#include "engine/random/distribution.hpp"
#include "engine/scenario/description.hpp"
#include "engine/scenario/document.hpp"

namespace knockon::scenario {

// The defaults' texts, read when first asked for: a big scenario asks for the same few hundreds of thousands of times.
class Defaults {
 public:
  [[nodiscard]] const Node* of(const Key& key);  // null when there is none

  // As `Fields` gives them; zero when there is no default, or none of that kind.
  [[nodiscard]] double number(const Key& key);
  [[nodiscard]] quantity::Duration duration(const Key& key);

 private:
  struct Read {
    std::unique_ptr<SourceText> source;
    Nodes nodes;
    NodePtr node = nullptr;
    double number = 0;
    quantity::Duration duration;
  };
  const Read* read(const Key& key);

  // Looked up, never walked: its order reaches nothing.
  std::unordered_map<const Key*, Read> read_;
};

class Fields {
 public:
  // `verb`, if any, brings its arguments as further keys.
  Fields(const Record& record, const Node& node, Defaults& defaults, const VerbRow* verb = nullptr)
      : record_{record}, node_{node}, defaults_{defaults}, verb_{verb} {}

  [[nodiscard]] const Node* written(std::string_view key) const;  // null when it is not
  [[nodiscard]] bool has(std::string_view key) const { return written(key) != nullptr; }
  [[nodiscard]] const Node* at(std::string_view key) const;  // written, or the default; null when there is neither
  [[nodiscard]] Span span_of(std::string_view key) const;    // of the key; of the entry when it is not written

  // REQUIRES: the key is described, with a type that this reads. Of a property that is drawn once a replication, the
  // median.
  [[nodiscard]] std::string text(std::string_view key) const;  // empty when absent
  [[nodiscard]] bool flag(std::string_view key) const;
  [[nodiscard]] int whole(std::string_view key) const;
  [[nodiscard]] double count(std::string_view key) const;
  [[nodiscard]] quantity::Share share(std::string_view key) const;
  [[nodiscard]] quantity::Rate rate(std::string_view key) const;  // also of a share a time
  [[nodiscard]] quantity::DataRate data_rate(std::string_view key) const;
  [[nodiscard]] quantity::DataSize data_size(std::string_view key) const;
  [[nodiscard]] quantity::Duration duration(std::string_view key) const;
  [[nodiscard]] std::optional<quantity::Duration> duration_if_any(std::string_view key) const;
  [[nodiscard]] random::DurationDistribution duration_drawn(std::string_view key) const;

  [[nodiscard]] const Key& key(std::string_view name) const;

 private:
  [[nodiscard]] double number(std::string_view key) const;

  const Record& record_;
  const Node& node_;
  Defaults& defaults_;
  const VerbRow* verb_;
};

}  // namespace knockon::scenario
