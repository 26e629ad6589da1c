#include "engine/study/outcome_bytes.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace knockon::study {
namespace {

using quantity::Duration;

// Archive and fields: one list of fields serves writing and reading, so the two cannot drift apart. A field added to a
// struct breaks its structured binding, and so the build, until it is listed here.
template <class Archive, class Value>
void fields(Archive& archive, Value& value) requires std::is_same_v<std::remove_const_t<Value>, simulation::Interval> {
  auto& [from, to] = value;
  archive(from, to);
}

template <class Archive, class Value>
void fields(Archive& archive,
            Value& value) requires std::is_same_v<std::remove_const_t<Value>, simulation::AppOutcome> {
  auto& [down, degraded, hit, first_impact, mitigated, restored, dips, user_minutes_lost, failed_journeys,
         slo_budget_spent, gross, deferred, credits] = value;
  archive(down, degraded, hit, first_impact, mitigated, restored, dips, user_minutes_lost, failed_journeys,
          slo_budget_spent, gross, deferred, credits);
}

template <class Archive, class Value>
void fields(Archive& archive,
            Value& value) requires std::is_same_v<std::remove_const_t<Value>, simulation::IncidentOutcome> {
  auto& [detected, acknowledged, diagnosed, announced, mitigated, restored, hit, mitigated_censored, restored_censored,
         staff_hours, data_lost, user_minutes_lost, gross, deferred, staff_cost, stuck, unfinished] = value;
  archive(detected, acknowledged, diagnosed, announced, mitigated, restored, hit, mitigated_censored, restored_censored,
          staff_hours, data_lost, user_minutes_lost, gross, deferred, staff_cost, stuck, unfinished);
}

template <class Archive, class Value>
void fields(Archive& archive, Value& value) requires std::is_same_v<std::remove_const_t<Value>, world::Target> {
  auto& [subject, place] = value;
  archive(subject, place);
}

template <class Archive, class Value>
void fields(Archive& archive, Value& value) requires std::is_same_v<std::remove_const_t<Value>, simulation::Event> {
  auto& [at, kind, about, magnitude, cause] = value;
  archive(at, kind, about, magnitude, cause);
}

template <class Archive, class Value>
void fields(Archive& archive, Value& value) requires std::is_same_v<std::remove_const_t<Value>, simulation::Spell> {
  auto& [from, health] = value;
  archive(from, health);
}

template <class Archive, class Value>
void fields(Archive& archive, Value& value) requires std::is_same_v<std::remove_const_t<Value>, simulation::Course> {
  auto& [step, points, success, tries_per_s, user_minutes_lost, money_lost, services, sessions] = value;
  archive(step, points, success, tries_per_s, user_minutes_lost, money_lost, services, sessions);
}

template <class Archive, class Value>
void fields(Archive& archive, Value& value) requires std::is_same_v<std::remove_const_t<Value>, simulation::Outcome> {
  auto& [index, fingerprint, onset, apps, apps_in_regions, incident, phases, milestones, events, course] = value;
  archive(index, fingerprint, onset, apps, apps_in_regions, incident, phases, milestones, events, course);
}

class Writer {
 public:
  template <class... Values>
  void operator()(const Values&... values) {
    (put(values), ...);
  }
  std::string bytes;

 private:
  template <class Number>
  void put(Number number) requires std::is_arithmetic_v<Number> || std::is_enum_v<Number> {
    const auto raw = std::bit_cast<std::array<char, sizeof(Number)>>(number);
    bytes.append(raw.data(), raw.size());
  }
  void put(Duration value) { put(value.ticks()); }
  void put(quantity::Share value) { put(value.value()); }
  void put(quantity::Money value) { put(value.amount()); }
  void put(std::monostate) {}
  void put(world::Itself) {}
  void put(world::Here) {}
  template <class Thing>
  void put(quantity::Id<Thing> id) {
    put(static_cast<std::uint32_t>(id.index()));
  }
  template <class Value>
  void put(const std::optional<Value>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class Value>
  void put(const std::vector<Value>& values) {
    put(static_cast<std::uint32_t>(values.size()));
    for (const Value& value : values) put(value);
  }
  template <class Value, std::size_t size>
  void put(const std::array<Value, size>& values) {
    for (const Value& value : values) put(value);
  }
  template <class... Alternatives>
  void put(const std::variant<Alternatives...>& value) {
    put(static_cast<std::uint8_t>(value.index()));
    std::visit([this](const auto& alternative) { this->put(alternative); }, value);
  }
  template <class Value>
  void put(const Value& value) requires std::is_class_v<Value> && requires(Writer& writer) {
    fields(writer, value);
  }
  { fields(*this, value); }
};

// Once something did not fit, everything after reads as nothing and `is_whole` stays false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_{bytes} {}
  template <class... Values>
  void operator()(Values&... values) {
    (take(values), ...);
  }
  [[nodiscard]] bool is_whole() const { return fits_ && rest_.empty(); }

 private:
  template <class Number>
  void take(Number& number) requires std::is_arithmetic_v<Number> || std::is_enum_v<Number> {
    if (rest_.size() < sizeof number) {
      fail();
      return;
    }
    std::memcpy(&number, rest_.data(), sizeof number);
    rest_.remove_prefix(sizeof number);
  }
  void take(bool& value) {
    std::uint8_t byte = 0;
    take(byte);
    if (byte > 1) fail();
    value = byte == 1;
  }
  void take(Duration& value) {
    std::int64_t ticks = 0;
    take(ticks);
    value = Duration::of_ticks(ticks);
  }
  void take(quantity::Share& value) {
    double number = 0;
    take(number);
    value = quantity::Share{number};
  }
  void take(quantity::Money& value) {
    double amount = 0;
    take(amount);
    value = quantity::Money{amount};
  }
  void take(world::Itself&) {}
  void take(world::Here&) {}
  template <class Thing>
  void take(quantity::Id<Thing>& id) {
    std::uint32_t index = 0;
    take(index);
    id = quantity::Id<Thing>{index};
  }
  template <class Value>
  void take(std::optional<Value>& value) {
    bool has_value = false;
    take(has_value);
    value.reset();
    if (has_value) take(value.emplace());
  }
  template <class Value>
  void take(std::vector<Value>& values) {
    std::uint32_t size = 0;
    take(size);
    // Every element takes a byte or more, so a size beyond what is left is nonsense and must not be allocated.
    if (size > rest_.size()) {
      fail();
      return;
    }
    values.resize(size);
    for (Value& value : values) take(value);
  }
  template <class Value, std::size_t size>
  void take(std::array<Value, size>& values) {
    for (Value& value : values) take(value);
  }
  template <class... Alternatives>
  void take(std::variant<Alternatives...>& value) {
    std::uint8_t index = 0;
    take(index);
    if (index >= sizeof...(Alternatives)) {
      fail();
      return;
    }
    take_alternative(value, index, std::index_sequence_for<Alternatives...>{});
  }
  template <class Variant, std::size_t... indices>
  void take_alternative(Variant& value, std::size_t index, std::index_sequence<indices...>) {
    ((index == indices ? take(value.template emplace<indices>()) : void()), ...);
  }
  template <class Value>
  void take(Value& value) requires std::is_class_v<Value> && requires(Reader& reader) {
    fields(reader, value);
  }
  { fields(*this, value); }
  void fail() {
    fits_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  bool fits_ = true;
};

}  // namespace

std::string bytes_of(const simulation::Outcome& outcome) {
  Writer writer;
  fields(writer, outcome);
  return std::move(writer.bytes);
}

std::optional<simulation::Outcome> outcome_of(std::string_view bytes) {
  Reader reader{bytes};
  simulation::Outcome outcome;
  fields(reader, outcome);
  if (!reader.is_whole()) return std::nullopt;
  return outcome;
}

}  // namespace knockon::study
