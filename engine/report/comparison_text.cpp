#include "engine/report/comparison_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/quantity/text.hpp"
#include "engine/report/figure.hpp"
#include "engine/report/headline.hpp"
#include "engine/report/page.hpp"

namespace knockon::report {
namespace {

using statistics::Difference;
using study::Across;
using study::Comparison;
using study::Pair;
using study::Unit;

constexpr std::size_t columns = 80, name_width = 22, bar_blocks = 14;

std::string name_of(const Comparison& comparison, std::size_t entry) {
  return printable(comparison.entries[entry].name);
}

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

// A name that is too long for its column stands on a line of its own.
std::string named(const std::string& before, const std::string& name, std::size_t width, const std::string& rest) {
  if (width_of(name) < width) return trimmed(before + left(name, width) + rest);
  return trimmed(before + name) + trimmed(std::string(width_of(before) + width, ' ') + rest);
}

// Without the newline at its end, behind which a colour would reach into the next line.
std::string painted(Ink ink, const std::string& lines, const Paint& paint) {
  return paint(ink, std::string_view{lines}.substr(0, lines.size() - 1)) + "\n";
}

// --- head ------------------------------------------------------------------------------------------------------------

std::string title(const Comparison& comparison, const Paint& paint) {
  const study::Results& baseline = comparison.results[comparison.baseline];
  const world::World& world = *baseline.world;
  const study::Subject& subject = baseline.subject;
  std::string what = fmt::format("{} {}", comparison.entries.size(), study::text_of(comparison.across));
  if (comparison.across != Across::causes) what += fmt::format(", {}", world[subject.cause].name);
  if (comparison.across != Across::strategies) what += fmt::format(", met with {}", world[subject.strategy].name);
  for (const auto& [path, value] : subject.set) what += fmt::format(", {}={}", path, printable(value));
  what += fmt::format(": {} runs each of {}, seed {}, on the same days", baseline.finished,
                      quantity::rounded_text_of(world.horizon), subject.seed);
  const std::string name = printable(world.title.empty() ? world.name : world.title);
  return paint(Ink::strong, wrapped(name, columns)) + "\n" + paint(Ink::faint, wrapped(what, columns)) + "\n\n";
}

// --- figures ---------------------------------------------------------------------------------------------------------

// Money without its currency, which the heading names.
std::string amount_text(double value, Unit unit) {
  return unit == Unit::minutes ? minutes_text(value) : count_text(value);
}

std::string signed_text(double value, Unit unit) {
  const std::string amount = amount_text(std::abs(value), unit);
  const bool is_nothing = amount == amount_text(0, unit);
  return (is_nothing ? "" : value < 0 ? "−" : "+") + amount;
}

std::string interval_text(const Difference& difference, Unit unit) {
  if (!difference.ci95) return {};
  const std::string low = signed_text(*difference.ci95->low, unit), high = signed_text(*difference.ci95->high, unit);
  return low == high ? low : low + " … " + high;
}

// On how many days a is better, the same, worse; what is there shows.
std::string days_bar(const Difference& difference) {
  if (difference.n == 0) return {};
  const auto blocks = [&](std::size_t days) {
    const auto exact = static_cast<double>(days) * bar_blocks / static_cast<double>(difference.n);
    return days == 0 ? std::size_t{0} : std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(exact)));
  };
  std::size_t better = blocks(difference.a_better), worse = blocks(difference.b_better);
  if (better + worse > bar_blocks) (better > worse ? better : worse) -= better + worse - bar_blocks;
  std::size_t same = bar_blocks - better - worse;
  if (difference.tie == 0 && same > 0) {
    (better > worse ? better : worse) += same;
    same = 0;
  } else if (difference.tie > 0 && same == 0) {
    --(better > worse ? better : worse);
    same = 1;
  }
  return repeated("█", better) + repeated("·", same) + repeated("░", worse);
}

// --- ranking ---------------------------------------------------------------------------------------------------------

// Nobody chooses among causes: that one is worse than another in everything helps nobody.
bool is_dominated(const Comparison& comparison, std::size_t entry) {
  return comparison.across != Across::causes &&
         std::any_of(comparison.dominated.begin(), comparison.dominated.end(),
                     [entry](const study::Dominated& one) { return one.entry == entry; });
}

std::string ranking_row(const Comparison& comparison, std::size_t entry, const std::string& rank, const Paint& paint) {
  const study::IncidentMeasures& incident = comparison.results[entry].incident;
  const auto median = [](const statistics::Statistic& statistic) {
    return quantile_text(statistic.p50, Unit::minutes, {});
  };
  const auto mean = [](const statistics::Statistic& statistic) {
    return statistic.mean ? count_text(*statistic.mean) : "–";
  };
  const bool is_worse_throughout = is_dominated(comparison, entry);
  const std::string figures = right(median(incident.down_minutes), 9) + right(median(incident.restored_minute), 10) +
                              right(mean(incident.user_minutes_lost), 10) + right(mean(incident.money_lost), 9) +
                              right(mean(incident.staff_hours), 8);
  std::string name = name_of(comparison, entry) + (is_worse_throughout ? " †" : "");
  if (entry == comparison.baseline) name += " *";
  return painted(is_worse_throughout ? Ink::faint : Ink::plain, named(left(rank, 4), name, name_width + 4, figures),
                 paint);
}

std::string ranking(const Comparison& comparison, const Paint& paint) {
  const std::string& currency = comparison.results[comparison.baseline].world->currency;
  std::string text = section("ranking", "by people's minutes lost; what cannot be told apart shares a place", paint);
  const std::string indent(4 + name_width + 4, ' ');
  const std::string upper = indent + right("any app", 9) + right("restored", 10) + right("minutes", 10) +
                            right(currency, 9) + right("staff", 8);
  const std::string lower =
      indent + right("down", 9) + right("after", 10) + right("lost", 10) + right("lost", 9) + right("hours", 8);
  text += paint(Ink::faint, upper) + "\n" + paint(Ink::faint, lower) + "\n";
  std::size_t rank = 1;
  for (const auto& group : comparison.ranking) {
    for (const std::size_t entry : group)
      text += ranking_row(comparison, entry, fmt::format("{:2}{}", rank, group.size() > 1 ? "=" : ""), paint);
    rank += group.size();
  }
  return text + paint(Ink::faint, "    times are medians, the rest are means; * is what the others are held against") +
         "\n";
}

const char* words_for(const std::string& measure) {
  if (measure == "user_minutes_lost") return "minutes lost";
  if (measure == "money_lost") return "value lost";
  return "staff hours";
}

// Of several that dominate an entry the one that people lose least under; null: none does.
const study::Dominated* strongest_over(const Comparison& comparison, std::size_t entry) {
  const study::Dominated* best = nullptr;
  const auto lost = [&](const study::Dominated& one) {
    return comparison.results[one.by].incident.user_minutes_lost.mean.value_or(0);
  };
  for (const study::Dominated& one : comparison.dominated) {
    if (one.entry == entry && (best == nullptr || lost(one) < lost(*best))) best = &one;
  }
  return best;
}

// Those that are dominated by the same entry in the same measures are told in one sentence.
std::string dominance(const Comparison& comparison, const Paint& paint) {
  std::map<std::pair<std::size_t, std::vector<std::size_t>>, std::vector<std::string>> losers;
  for (const auto& group : comparison.ranking) {
    for (const std::size_t entry : group) {
      if (!is_dominated(comparison, entry)) continue;
      if (const study::Dominated* best = strongest_over(comparison, entry))
        losers[{best->by, best->on}].push_back(name_of(comparison, entry));
    }
  }
  std::string text;
  for (const auto& [by, names] : losers) {
    std::vector<std::string> on;
    for (const std::size_t measure : by.second) on.emplace_back(words_for(comparison.measures[measure].name));
    const std::string sentence =
        fmt::format("{} {} dominated by {}: better on average in nothing, worse in {}", listed(names, names.size()),
                    names.size() == 1 ? "is" : "are", name_of(comparison, by.first), listed(on, on.size()));
    text += paint(Ink::faint, "    † " + hung(sentence, columns, 6)) + "\n";
  }
  return text;
}

// --- differences -----------------------------------------------------------------------------------------------------

std::string difference_row(const std::string& name, const Pair& pair, Unit unit, const Paint& paint) {
  const Difference& difference = pair.difference;
  const std::string mean = difference.mean ? signed_text(*difference.mean, unit) : "–";
  const std::string why_not = difference.n == 0 ? "never both" : "not always over";
  const std::string interval = difference.mean ? interval_text(difference, unit) : why_not;
  const bool may_be_chance = !pair.is_significant && difference.mean && difference.tie < difference.n;
  const std::string mark = may_be_chance ? "≈ " : "  ";
  const std::string share = difference.n == 0 ? "" : share_text(difference.share_of(difference.a_better));
  const std::string row = named("  ", name, name_width,
                                right(mark + mean, 11) + "  " + left(interval, 21) + " " +
                                    left(days_bar(difference), bar_blocks) + right(share, 7));
  return painted(pair.is_significant ? Ink::plain : Ink::faint, row, paint);
}

std::string differences_by(const Comparison& comparison, std::size_t measure, const std::string& heading,
                           const std::string& remark, const Paint& paint) {
  std::string text = section(heading, remark, paint);
  for (const auto& group : comparison.ranking) {
    for (const std::size_t entry : group) {
      const auto pair = comparison.pair_of(entry, comparison.baseline, measure);
      if (!pair) continue;
      text += difference_row(name_of(comparison, entry), *pair, comparison.measures[measure].unit, paint);
    }
  }
  return text;
}

bool has_anything(const Comparison& comparison, std::size_t measure) {
  return std::any_of(comparison.pairs.begin(), comparison.pairs.end(), [&](const Pair& pair) {
    return pair.measure == measure && pair.difference.n > 0 &&
           (pair.difference.a_better > 0 || pair.difference.b_better > 0);
  });
}

std::optional<std::size_t> measure_called(const Comparison& comparison, const std::string& name) {
  for (std::size_t i = 0; i < comparison.measures.size(); ++i) {
    if (comparison.measures[i].app.empty() && comparison.measures[i].name == name) return i;
  }
  return std::nullopt;
}

bool has_means(const Comparison& comparison, std::size_t measure) {
  return std::all_of(comparison.pairs.begin(), comparison.pairs.end(),
                     [&](const Pair& pair) { return pair.measure != measure || pair.difference.mean; });
}

bool end_alike(const Comparison& comparison) {
  return std::all_of(comparison.results.begin(), comparison.results.end(), [&](const study::Results& results) {
    return results.world->horizon == comparison.results.front().world->horizon;
  });
}

// How soon it was over. Dates beyond the horizon have no mean: where there are such, the outage up to the horizon has
// one.
std::string differences_in_restoring(const Comparison& comparison, const Paint& paint) {
  const auto restored = measure_called(comparison, "restored_minute");
  const auto outage = measure_called(comparison, "outage_minutes");
  if (!restored || !outage) return {};
  const bool is_cut_off = !has_means(comparison, *restored) && end_alike(comparison);
  const std::size_t measure = is_cut_off ? *outage : *restored;
  if (!has_anything(comparison, measure)) return {};
  const std::string remark =
      is_cut_off ? "a run that is not restored counts up to its end, and would go on" : std::string{};
  return differences_by(comparison, measure, "restored after", remark, paint);
}

std::string against_baseline(const Comparison& comparison, const Paint& paint) {
  const std::string& currency = comparison.results[comparison.baseline].world->currency;
  const std::vector<std::pair<const char*, std::string>> shown{
      {"user_minutes_lost", "minutes lost"}, {"restored_minute", "restored after"},
      {"money_lost", currency + " lost"},    {"credits_owed", currency + " of credits owed"},
      {"staff_hours", "staff hours"},        {"data_lost_minutes", "writes lost, by their minutes"}};
  std::string text =
      section("against " + name_of(comparison, comparison.baseline), "mean difference and its 95 % interval", paint) +
      paint(Ink::faint, "  ≈ may be chance   on which days it is █ better · the same ░ worse; better on") + "\n";
  std::string differences;
  for (const auto& [name, heading] : shown) {
    const auto measure = measure_called(comparison, name);
    if (measure && comparison.measures[*measure].name == "restored_minute") {
      differences += differences_in_restoring(comparison, paint);
    } else if (measure && has_anything(comparison, *measure)) {
      differences += differences_by(comparison, *measure, heading, {}, paint);
    }
  }
  return text + (differences.empty() ? "  no difference on any day\n" : differences);
}

std::string pair_row(const Comparison& comparison, const Pair& pair, const Paint& paint) {
  constexpr std::size_t both_width = 40;
  const bool is_turned = pair.difference.mean && *pair.difference.mean > 0;
  const Pair shown = is_turned ? study::turned(pair) : pair;
  const Difference& difference = shown.difference;
  const std::string mean = difference.mean ? signed_text(*difference.mean, Unit::user_minutes) : "–";
  const std::string row = named("  ", name_of(comparison, shown.a) + " – " + name_of(comparison, shown.b), both_width,
                                right((shown.is_significant ? "  " : "≈ ") + mean, 11) + "  " +
                                    left(interval_text(difference, Unit::user_minutes), 19) +
                                    right(share_text(difference.share_of(difference.a_better)), 6));
  return painted(shown.is_significant ? Ink::plain : Ink::faint, row, paint);
}

// The pairs without the baseline, by minutes lost: in the order of the ranking, and the better of two is named first.
std::string among_the_others(const Comparison& comparison, const Paint& paint) {
  std::vector<std::size_t> others;
  for (const auto& group : comparison.ranking) {
    for (const std::size_t entry : group) {
      if (entry != comparison.baseline) others.push_back(entry);
    }
  }
  std::string text;
  for (std::size_t i = 0; i < others.size(); ++i) {
    for (std::size_t k = i + 1; k < others.size(); ++k) {
      if (const auto pair = comparison.pair_of(others[i], others[k], 0)) text += pair_row(comparison, *pair, paint);
    }
  }
  if (text.empty()) return {};
  return section("the others among themselves", "minutes lost; the first is better on", paint) + text;
}

// --- where the minutes went ------------------------------------------------------------------------------------------

std::string longest_phases(const study::Results& results) {
  std::vector<std::pair<double, std::size_t>> phases;
  double total = 0;
  for (std::size_t i = 0; i < results.phase_minutes.size(); ++i) {
    total += results.phase_minutes[i];
    if (results.phase_minutes[i] > 0) phases.emplace_back(results.phase_minutes[i], i);
  }
  std::stable_sort(phases.begin(), phases.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  if (phases.empty()) return "nothing was hit";
  constexpr std::size_t shown_max = 4;
  std::string text = minutes_text(total) + ": ";
  double rest = total;
  for (std::size_t i = 0; i < std::min(shown_max, phases.size()); ++i) {
    rest -= phases[i].first;
    text +=
        fmt::format("{}{} {}", i > 0 ? ", " : "", simulation::text_of(static_cast<simulation::Phase>(phases[i].second)),
                    minutes_text(phases[i].first));
  }
  if (phases.size() > shown_max) text += ", other " + minutes_text(rest);
  return text;
}

std::string where_the_minutes_went(const Comparison& comparison, const Paint& paint) {
  std::string text = section("where the minutes went", "means of all runs", paint);
  for (const auto& group : comparison.ranking) {
    for (const std::size_t entry : group) {
      const std::string phases = longest_phases(comparison.results[entry]);
      text += named("  ", name_of(comparison, entry), name_width, hung(phases, columns, name_width + 2));
    }
  }
  return text;
}

// --- what to know ----------------------------------------------------------------------------------------------------

std::string cautions(const Comparison& comparison, const Paint& paint) {
  std::string text;
  const study::Results& baseline = comparison.results[comparison.baseline];
  const auto say = [&](Ink ink, const std::string& sentence) {
    text += "\n" + paint(ink, wrapped(sentence, columns)) + "\n";
  };
  if (comparison.across == Across::causes) {
    say(Ink::doubtful,
        "Causes share people and demand, not faults: on the same day the same engineer is as slow, but another thing "
        "is broken. Differences are between kinds of days, not between choices.");
  }
  if (!comparison.is_of_all_pairs) {
    say(Ink::faint, fmt::format("More than {} entries: each is compared with {} only.", study::all_pairs_max,
                                name_of(comparison, comparison.baseline)));
  }
  if (baseline.interrupted) {
    say(Ink::doubtful,
        fmt::format("Interrupted: these are the first {} of {} runs of each.", baseline.finished, baseline.requested));
  }
  for (std::size_t entry = 0; entry < comparison.entries.size(); ++entry) {
    const auto& died = comparison.results[entry].died;
    if (died.empty()) continue;
    say(Ink::bad,
        fmt::format("{} of {} runs with {} died, and these days are left out of all; the first is number {}: {}",
                    died.size(), baseline.requested, name_of(comparison, entry), died.front().index,
                    printable(died.front().error)));
  }
  return text;
}

}  // namespace

std::string text_of(const Comparison& comparison, const TextStyle& style) {
  const Paint paint{style.has_colour};
  std::string text = title(comparison, paint);
  if (comparison.results[comparison.baseline].outcomes.empty())
    return text + "No run finished in all of them.\n" + cautions(comparison, paint);
  text += wrapped(headline_of(comparison), columns) + "\n";
  text += ranking(comparison, paint) + dominance(comparison, paint);
  text += against_baseline(comparison, paint);
  text += among_the_others(comparison, paint);
  text += where_the_minutes_went(comparison, paint);
  text += cautions(comparison, paint);
  return text + "\n" + paint(Ink::faint, "fingerprint " + fingerprint_text(fingerprint_of(comparison))) + "\n";
}

}  // namespace knockon::report
