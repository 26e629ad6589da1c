#include "engine/scenario/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace knockon::scenario {
namespace {

using Form = Type::Form;
using Bound = Type::Bound;

template <class Quantity>
std::optional<Wrong> wrong_if_unread(std::string_view text, const quantity::Parsed<Quantity>& parsed) {
  if (parsed) return std::nullopt;
  return wrong_quantity(text, parsed.error());
}

Wrong impossible(std::string message, std::string hint = {}) {
  return {"impossible-value", std::move(message), std::move(hint)};
}

std::optional<Wrong> wrong_whole(std::string_view text) {
  const bool is_number = !text.empty() && text.size() <= 9 &&
                         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (is_number && (text.size() == 1 || text.front() != '0')) return std::nullopt;
  if (text.size() > 1 && text.front() == '-' && !wrong_whole(text.substr(1)))
    return Wrong{"bad-value",
                 fmt::format("{} is below zero; expected a bare number such as 1 or 30", scenario::quoted(text)), ""};
  return Wrong{"bad-value",
               fmt::format("{} is not a whole number; expected a bare number such as 1 or 30", scenario::quoted(text)),
               ""};
}

std::optional<Wrong> wrong_flag(std::string_view text) {
  if (flag_of(text)) return std::nullopt;
  const bool means_true = text == "yes" || text == "on" || text == "True" || text == "TRUE" || text == "y";
  const bool means_false = text == "no" || text == "off" || text == "False" || text == "FALSE" || text == "n";
  return Wrong{"bad-value", fmt::format("{} is neither true nor false", scenario::quoted(text)),
               means_true    ? "did you mean true?"
               : means_false ? "did you mean false?"
                             : ""};
}

std::optional<Wrong> wrong_hours(std::string_view text) {
  if (hours_of(text)) return std::nullopt;
  return Wrong{
      "bad-value",
      fmt::format("{} is not a stretch of hours; expected one such as 9h..17h or 22h..6h", scenario::quoted(text)), ""};
}

// What each form can mean at most, and at least where it must be more than zero: beyond these, products of a few of
// them would leave the range of numbers.
struct Extent {
  double least_positive, most;
};
Extent extent_of(Form form) {
  switch (form) {
    case Form::whole:
      return {1, 999'999'999};
    case Form::count:
      return {1e-9, 1e15};
    case Form::share:
      return {1e-9, 1e6};
    case Form::rate:
      return {1e-12, 1e15};
    case Form::share_rate:
      return {1e-12, 1e6};
    case Form::data_rate:
      return {0.125, 1e18};
    case Form::data_size:
      return {1, 1e21};
    default:
      return {0, std::numeric_limits<double>::infinity()};
  }
}

std::string spelt(Form form, double value) {
  switch (form) {
    case Form::whole:
      return fmt::format("{:.0f}", value);
    case Form::share:
      return quantity::text_of(quantity::Share{value});
    case Form::rate:
      return quantity::text_of(quantity::Rate::per_second(value));
    case Form::share_rate:
      return quantity::text_of(quantity::Share{value}) + "/s";
    case Form::duration:
      return quantity::text_of(quantity::Duration::of_seconds(value));
    case Form::data_rate:
      return quantity::text_of(quantity::DataRate::bytes_per_second(value));
    case Form::data_size:
      return quantity::text_of(quantity::DataSize{value});
    default:
      return quantity::text_of_count(value);
  }
}

// What a value may be, in the unit that number_of gives.
struct Range {
  double least, most;
};
Range range_of(const Type& type) {
  const bool is_whole_share = type.bound == Bound::whole_share || type.bound == Bound::positive_whole_share;
  const bool is_positive = type.bound == Bound::positive || type.bound == Bound::positive_whole_share;
  const Extent extent = extent_of(type.form);
  return {.least = type.least > 0 ? type.least
                   : is_positive  ? extent.least_positive
                                  : 0,
          .most = is_whole_share  ? 1
                  : type.most > 0 ? type.most
                                  : extent.most};
}

// The plain value of a scalar that parses, for its bounds.
std::optional<Wrong> out_of_bounds(const Type& type, std::string_view text) {
  const std::optional<double> number = number_of(type, text);
  if (!number) return std::nullopt;
  const bool is_whole_share = type.bound == Bound::whole_share || type.bound == Bound::positive_whole_share;
  if (is_whole_share && *number > 1)
    return impossible(fmt::format("{} is more than everything; expected at most 100%", scenario::quoted(text)));
  const bool is_positive = type.bound == Bound::positive || type.bound == Bound::positive_whole_share;
  if (is_positive && *number <= 0)
    return impossible(fmt::format("{} is too little; expected more than zero", scenario::quoted(text)));
  const auto [least, most] = range_of(type);
  if (*number > most)
    return impossible(
        fmt::format("{} is too much; expected at most {}", scenario::quoted(text), spelt(type.form, most)));
  if (*number < least)
    return impossible(
        fmt::format("{} is too little; expected at least {}", scenario::quoted(text), spelt(type.form, least)));
  return std::nullopt;
}

// Money has no unit that other numbers are in, so its bound stands here.
template <class Priced, class AmountOf>
std::optional<Wrong> wrong_money(std::string_view text, const quantity::Parsed<Priced>& parsed, AmountOf amount_of) {
  constexpr double most = 1e15;
  if (parsed && amount_of(*parsed) > most)
    return impossible(fmt::format("{} is too much; expected at most {} {}", scenario::quoted(text),
                                  quantity::text_of_count(most), parsed->currency));
  return wrong_if_unread(text, parsed);
}

std::optional<Wrong> wrong_form(const Type& type, std::string_view text) {
  switch (type.form) {
    case Form::flag:
      return wrong_flag(text);
    case Form::whole:
      return wrong_whole(text);
    case Form::count:
      return wrong_if_unread(text, quantity::parse_count(text));
    case Form::share:
      return wrong_if_unread(text, quantity::parse_share(text));
    case Form::rate:
      return wrong_if_unread(text, quantity::parse_rate(text));
    case Form::share_rate:
      return wrong_if_unread(text, quantity::parse_share_rate(text));
    case Form::duration:
      return wrong_if_unread(text, quantity::parse_duration(text));
    case Form::money:
      return wrong_money(text, quantity::parse_money(text), [](const auto& m) { return m.money.amount(); });
    case Form::money_rate:
      return wrong_money(text, quantity::parse_money_rate(text), [](const auto& m) { return m.rate.per_minute(); });
    case Form::data_rate:
      return wrong_if_unread(text, quantity::parse_data_rate(text));
    case Form::data_size:
      return wrong_if_unread(text, quantity::parse_data_size(text));
    case Form::clock:
      return wrong_if_unread(text, quantity::parse_clock(text));
    case Form::date:
      return wrong_if_unread(text, quantity::parse_date(text));
    case Form::hours:
      return wrong_hours(text);
    default:
      return std::nullopt;
  }
}

// ---- distributions

struct Quantile {
  std::string_view key;
  double probability;
};
constexpr std::array<Quantile, 4> quantiles{{{"p75", 0.75}, {"p90", 0.9}, {"p95", 0.95}, {"p99", 0.99}}};
constexpr std::array<std::string_view, 7> shapes{"constant",   "median",  "uniform",  "exponential",
                                                 "triangular", "weibull", "empirical"};

class DistributionReader {
 public:
  DistributionReader(const Type& value, Faults* faults) : value_{value}, faults_{faults} {}

  std::optional<random::Distribution> read(const Node& node) {
    if (node.is_scalar()) return constant(node);
    if (!node.is_map())
      return refuse(node.span, "wrong-shape",
                    fmt::format("a distribution is a value or a map, not {}", text_of(node.kind)));
    if (!only_known_keys(node)) return std::nullopt;
    const Entry* shape_entry = the_shape(node);
    if (!shape_entry) return std::nullopt;
    const auto shape = shape_of(node, *shape_entry);
    const auto min = bound(node, "min");
    const auto max = bound(node, "max");
    if (!shape || is_broken_) return std::nullopt;
    if (min && max && *min > *max)
      return refuse(node.find("min")->value->span, "impossible-value", "`min` is above `max`");
    return random::Distribution{*shape, min, max};
  }

 private:
  using Shape = random::Distribution::Shape;

  std::nullopt_t refuse(const Span& span, std::string code, std::string message, std::string hint = {}) {
    is_broken_ = true;
    if (faults_) faults_->error(span, std::move(code), std::move(message), std::move(hint));
    return std::nullopt;
  }

  std::optional<double> number(const Node& node) {
    if (!node.is_scalar())
      return refuse(node.span, "wrong-shape", fmt::format("one value is expected here, not {}", text_of(node.kind)));
    if (const auto wrong = wrong_with(value_, node.text))
      return refuse(node.span, wrong->code, wrong->message, wrong->hint);
    return number_of(value_, node.text);
  }

  std::optional<random::Distribution> constant(const Node& node) {
    if (node.text.find("..") != std::string::npos) {
      const std::string_view low = node.text.substr(0, node.text.find("..")),
                             high = node.text.substr(node.text.find("..") + 2);
      return refuse(
          node.span, "bad-value", fmt::format("{} is a range, not a distribution", scenario::quoted(node.text)),
          printable(fmt::format("did you mean {{uniform: [{}, {}]}}?", low.substr(0, 20), high.substr(0, 20))));
    }
    if (const std::string uniform = spoken_range(node.text); !uniform.empty()) {
      return refuse(node.span, "bad-value",
                    fmt::format("{} is a range, not a distribution", scenario::quoted(node.text)),
                    printable("did you mean " + uniform + "?"));
    }
    const auto value = number(node);
    return value ? std::optional{random::Distribution::constant(*value)} : std::nullopt;
  }

  // `5-10m`, `5m - 10m`: what people say for anything between.
  static std::string spoken_range(std::string_view text) {
    constexpr std::string_view digits = "0123456789.";
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos || dash == 0 || text.size() > 40) return {};
    std::string low{text.substr(0, text.find_last_not_of(' ', dash - 1) + 1)};
    const std::size_t begin = text.find_first_not_of(' ', dash + 1);
    if (low.empty() || begin == std::string_view::npos) return {};
    const std::string high{text.substr(begin)};
    const std::size_t unit = high.find_first_not_of(digits);
    if (digits.find(low.front()) == std::string_view::npos || unit == 0) return {};
    if (low.find_first_not_of(digits) == std::string::npos && unit != std::string::npos) low += high.substr(unit);
    return fmt::format("{{uniform: [{}, {}]}}", low, high);
  }

  bool only_known_keys(const Node& node) {
    std::vector<std::string_view> known;
    for (const Key& key : distribution_record().keys) known.push_back(key.name);
    bool all_known = true;
    for (const Entry& entry : node.entries) {
      if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
      const bool is_mean = entry.key == "mean" || entry.key == "average" || entry.key == "avg";
      const std::string near = did_you_mean(entry.key, known);
      refuse(entry.key_span, "unknown-key", fmt::format("a distribution has no key {}", scenario::quoted(entry.key)),
             is_mean         ? "write {exponential: 20m} for a mean alone, or {median: 20m, p90: 45m}"
             : !near.empty() ? near
                             : "write for example {median: 20m, p90: 45m} or {uniform: [5m, 15m]}");
      all_known = false;
    }
    return all_known;
  }

  const Entry* the_shape(const Node& node) {
    const Entry* shape = nullptr;
    for (const std::string_view name : shapes) {
      const Entry* entry = node.find(name);
      if (!entry) continue;
      if (shape) {
        refuse(entry->key_span, "wrong-shape",
               fmt::format("a distribution has one shape, and here are `{}` and `{}`", shape->key, entry->key),
               "remove one; what is merged from elsewhere is removed with ~");
        return nullptr;
      }
      shape = entry;
    }
    if (!shape) {
      refuse(node.span, "missing-key", "a distribution needs a shape",
             "write {median: 25m, p90: 60m}, or constant, uniform, exponential, triangular, weibull or empirical");
    }
    for (const Quantile& quantile : quantiles) {
      const Entry* entry = node.find(quantile.key);
      if (entry && shape && shape->key != "median") {
        refuse(entry->key_span, "wrong-shape",
               fmt::format("`{}` belongs beside `median`, not beside `{}`", entry->key, shape->key));
        return nullptr;
      }
    }
    return shape;
  }

  std::optional<double> bound(const Node& node, std::string_view key) {
    const Entry* entry = node.find(key);
    return entry ? number(*entry->value) : std::nullopt;
  }

  std::optional<Shape> shape_of(const Node& node, const Entry& entry) {
    const Node& of = *entry.value;
    if (entry.key == "median") return lognormal(node, of);
    if (entry.key == "uniform") return uniform(of);
    if (entry.key == "triangular") return triangular(of);
    if (entry.key == "weibull") return weibull(of);
    if (entry.key == "empirical") return empirical(of);
    const auto value = number(of);
    if (!value) return std::nullopt;
    if (entry.key == "constant") return random::Constant{*value};
    if (*value <= 0) return refuse(of.span, "impossible-value", "a mean of zero; expected more than zero");
    return random::Exponential{*value};
  }

  std::optional<Shape> lognormal(const Node& node, const Node& of) {
    const Entry* upper = nullptr;
    double probability = 0;
    for (const Quantile& quantile : quantiles) {
      const Entry* entry = node.find(quantile.key);
      if (entry && upper) {
        return refuse(entry->key_span, "wrong-shape",
                      fmt::format("two quantiles, `{}` and `{}`; one is enough", upper->key, entry->key));
      }
      if (entry) {
        upper = entry;
        probability = quantile.probability;
      }
    }
    if (!upper)
      return refuse(of.span, "missing-key", "a median alone does not say how far values spread",
                    "add p90, or p75, p95, p99");
    const auto median = number(of);
    const auto high = number(*upper->value);
    if (!median || !high) return std::nullopt;
    if (*median <= 0) return refuse(of.span, "impossible-value", "a median of zero; expected more than zero");
    if (*high < *median) {
      return refuse(upper->value->span, "impossible-value",
                    fmt::format("{} of {} is below the median of {}", upper->key, upper->value->text, of.text));
    }
    return random::lognormal_by(*median, probability, *high);
  }

  std::optional<std::vector<double>> numbers(const Node& of, std::size_t count, std::string_view expected) {
    if (!of.is_list() || (count > 0 && of.items.size() != count) || of.items.empty()) {
      return refuse(of.span, "wrong-shape", fmt::format("expected {}", expected));
    }
    std::vector<double> values;
    for (const NodePtr item : of.items) {
      const auto value = number(*item);
      if (value) values.push_back(*value);
    }
    if (values.size() != of.items.size()) return std::nullopt;
    return values;
  }

  std::optional<Shape> uniform(const Node& of) {
    const auto values = numbers(of, 2, "two values, the least and the most: [5m, 15m]");
    if (!values) return std::nullopt;
    if ((*values)[0] > (*values)[1])
      return refuse(of.items[0]->span, "impossible-value", "the least is above the most");
    return random::Uniform{(*values)[0], (*values)[1]};
  }

  std::optional<Shape> triangular(const Node& of) {
    const auto values = numbers(of, 3, "three values, the least, the likeliest and the most: [2m, 5m, 20m]");
    if (!values) return std::nullopt;
    if (!std::is_sorted(values->begin(), values->end())) {
      return refuse(of.span, "impossible-value", "the least, the likeliest and the most are not in this order");
    }
    return random::Triangular{(*values)[0], (*values)[1], (*values)[2]};
  }

  std::optional<Shape> empirical(const Node& of) {
    auto values = numbers(of, 0, "values that were seen: [4m, 9m, 31m]");
    if (!values) return std::nullopt;
    std::sort(values->begin(), values->end());
    return random::Empirical{std::move(*values)};
  }

  std::optional<Shape> weibull(const Node& of) {
    const Entry* scale = of.find("scale");
    const Entry* shape = of.find("shape");
    if (!of.is_map() || !scale || !shape || of.entries.size() != 2) {
      return refuse(of.span, "wrong-shape", "expected {scale: 1h, shape: 1.5}");
    }
    const auto scale_value = number(*scale->value);
    Type plain;
    plain.form = Form::count;
    plain.bound = Bound::positive;
    plain.least = 0.05;
    plain.most = 100;
    if (!shape->value->is_scalar()) return refuse(shape->value->span, "wrong-shape", "expected a bare number");
    if (const auto wrong = wrong_with(plain, shape->value->text))
      return refuse(shape->value->span, wrong->code, wrong->message, wrong->hint);
    if (!scale_value) return std::nullopt;
    return random::Weibull{*scale_value, *number_of(plain, shape->value->text)};
  }

  const Type& value_;
  Faults* faults_;
  bool is_broken_ = false;
};

}  // namespace

Wrong wrong_quantity(std::string_view text, const quantity::TextFault& fault) {
  return {"bad-value", fmt::format("{}: {}", scenario::quoted(text), printable(fault.expected)), printable(fault.hint)};
}

std::optional<Wrong> wrong_with(const Type& type, std::string_view text) {
  if (auto wrong = wrong_form(type, text)) return wrong;
  return out_of_bounds(type, text);
}

std::optional<double> number_of(const Type& type, std::string_view text) {
  const auto value_or_nothing = [](const auto& parsed, auto project) -> std::optional<double> {
    return parsed ? std::optional<double>{project(*parsed)} : std::nullopt;
  };
  switch (type.form) {
    case Form::whole:
    case Form::count:
      return value_or_nothing(quantity::parse_count(text), [](double n) { return n; });
    case Form::share:
      return value_or_nothing(quantity::parse_share(text), [](auto s) { return s.value(); });
    case Form::rate:
      return value_or_nothing(quantity::parse_rate(text), [](auto r) { return r.per_second(); });
    case Form::share_rate:
      return value_or_nothing(quantity::parse_share_rate(text), [](auto r) { return r.per_second(); });
    case Form::duration:
      return value_or_nothing(quantity::parse_duration(text), [](auto d) { return d.in_seconds(); });
    case Form::data_rate:
      return value_or_nothing(quantity::parse_data_rate(text), [](auto r) { return r.bytes_per_second(); });
    case Form::data_size:
      return value_or_nothing(quantity::parse_data_size(text), [](auto s) { return s.bytes(); });
    default:
      return std::nullopt;
  }
}

bool is_drawable(const Key& key) {
  const Type& type = key.type;
  if (!key.not_drawn.empty()) return false;
  switch (type.form) {
    case Form::count:
    case Form::share:
    case Form::rate:
    case Form::share_rate:
    case Form::duration:
    case Form::data_rate:
      return type.least <= 0 && type.most <= 0;
    default:
      return false;
  }
}

std::optional<bool> flag_of(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

std::optional<Hours> hours_of(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const auto from = quantity::parse_local_hour(text.substr(0, dots));
  const auto to = quantity::parse_local_hour(text.substr(dots + 2));
  if (!from || !to || *from == *to) return std::nullopt;
  return Hours{*from, *to};
}

std::optional<random::Distribution> distribution_of(const Node& node, const Type& value, Faults* faults) {
  return DistributionReader{value, faults}.read(node);
}

std::optional<random::Distribution> drawn_of(const Node& node, const Key& key, Faults* faults) {
  auto written = distribution_of(node, key.type, faults);
  if (!written) return std::nullopt;
  auto [least, most] = range_of(key.type);
  // No duration above zero is shorter.
  if (key.type.form == Form::duration && key.type.bound == Bound::positive)
    least = quantity::Duration::of_ticks(1).in_seconds();
  constexpr double tail = 0x1p-53;
  const bool is_below = written->quantile(tail)<least, is_above = written->quantile(1 - tail)> most;
  if (!is_below && !is_above) return written;
  return random::Distribution{written->shape(), is_below ? std::optional{least} : written->min(),
                              is_above ? std::optional{most} : written->max()};
}

}  // namespace knockon::scenario
