#include "engine/quantity/respelling.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/quantity/number.hpp"

namespace knockon::quantity {
namespace {

constexpr std::size_t longest_slip = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
// Bytes above 127 belong to words, so that `µs` stays in one piece.
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_in_number(char c) { return is_digit(c) || c == '.' || c == ',' || c == '_'; }

template <class Predicate>
std::size_t run_length(std::string_view text, Predicate belongs) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), belongs) - text.begin());
}

// A comma before exactly three digits groups thousands; any other comma is the decimal one of many countries.
std::string without_groups(std::string_view number) {
  std::string plain;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (number[i] == '_') continue;
    const bool groups = number[i] == ',' && run_length(number.substr(i + 1), is_digit) == 3;
    if (!groups) plain += number[i] == ',' ? '.' : number[i];
  }
  return plain;
}

std::string tidied(std::string_view number) {
  std::string plain = without_groups(number);
  plain.erase(0, run_length(plain, [](char c) { return c == '0'; }));
  if (plain.empty() || plain.front() == '.') plain.insert(plain.begin(), '0');
  if (plain.back() == '.') plain.pop_back();
  return plain;
}

template <std::size_t size>
std::string meant(std::string_view word, const std::array<std::pair<std::string_view, std::string_view>, size>& table) {
  const std::string lower = lower_case(word);
  for (const auto& [spelling, meaning] : table) {
    if (spelling == lower) return std::string{meaning};
  }
  return {};
}

}  // namespace

std::vector<std::string> pieces_of(std::string_view text) {
  std::vector<std::string> pieces;
  if (text.size() > longest_slip) return pieces;
  while (!text.empty()) {
    std::size_t length = 1;
    const char first = text.front();
    if (is_digit(first) || ((first == '.' || first == ',') && text.size() > 1 && is_digit(text[1]))) {
      length = run_length(text, is_in_number);
      pieces.push_back(tidied(text.substr(0, length)));
    } else if (is_letter(first)) {
      length = run_length(text, is_letter);
      pieces.emplace_back(text.substr(0, length));
    } else if (first != ' ' && first != '\t' && !(first == '+' && pieces.empty())) {
      pieces.emplace_back(text.substr(0, 1));
    }
    text.remove_prefix(length);
  }
  return pieces;
}

bool is_number(std::string_view piece) { return !piece.empty() && is_digit(piece.front()); }

std::string lower_case(std::string_view text) {
  std::string lower{text};
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string upper_case(std::string_view text) {
  std::string upper{text};
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

std::string time_unit_meant(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 30> table{{
      {"us", "us"},           {"µs", "us"}, {"μs", "us"},   {"usec", "us"},   {"microsecond", "us"},
      {"microseconds", "us"}, {"ms", "ms"}, {"msec", "ms"}, {"millis", "ms"}, {"millisecond", "ms"},
      {"milliseconds", "ms"}, {"s", "s"},   {"sec", "s"},   {"secs", "s"},    {"second", "s"},
      {"seconds", "s"},       {"m", "m"},   {"min", "m"},   {"mins", "m"},    {"minute", "m"},
      {"minutes", "m"},       {"h", "h"},   {"hr", "h"},    {"hrs", "h"},     {"hour", "h"},
      {"hours", "h"},         {"d", "d"},   {"day", "d"},   {"days", "d"},    {"mn", "m"},
  }};
  return meant(word, table);
}

std::string metric_meant(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 13> table{{
      {"k", "k"},
      {"thousand", "k"},
      {"m", "M"},
      {"mn", "M"},
      {"mio", "M"},
      {"million", "M"},
      {"millions", "M"},
      {"g", "G"},
      {"b", "G"},
      {"bn", "G"},
      {"billion", "G"},
      {"t", "T"},
      {"trillion", "T"},
  }};
  return meant(word, table);
}

bool is_counted_noun(std::string_view word) {
  static constexpr std::array<std::string_view, 12> nouns{"req",   "reqs", "request", "requests", "calls", "call",
                                                          "users", "user", "people",  "events",   "ops",   "times"};
  return std::find(nouns.begin(), nouns.end(), lower_case(word)) != nouns.end();
}

}  // namespace knockon::quantity
