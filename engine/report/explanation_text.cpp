#include "engine/report/explanation_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/quantity/text.hpp"
#include "engine/report/event_text.hpp"
#include "engine/report/figure.hpp"
#include "engine/report/page.hpp"
#include "engine/report/phase_bars.hpp"
#include "engine/report/timeline.hpp"

namespace knockon::report {
namespace {

using simulation::EventNumber;
using simulation::Stretch;
using study::Chain;
using study::Explanation;

constexpr std::size_t columns = 80, time_width = 9, phase_width = 24;

std::string minute_text(const Explanation& explanation, quantity::Duration at) {
  const double minutes = (at - explanation.outcome().onset).in_minutes();
  return minutes < 0 ? "−" + minutes_text(-minutes) : minutes_text(minutes);
}

std::string title(const Explanation& explanation, const std::string& which, const Paint& paint) {
  const world::World& world = explanation.world();
  const study::Subject& subject = explanation.results.subject;
  std::string what = fmt::format("{}, met with {}", world[subject.cause].name, world[subject.strategy].name);
  if (!subject.variants.empty()) what += ", as " + listed(subject.variants, subject.variants.size());
  for (const auto& [path, value] : subject.set) what += fmt::format(", {}={}", path, printable(value));
  const std::int64_t onset = world.starts + static_cast<std::int64_t>(explanation.outcome().onset.in_seconds());
  what += fmt::format(": {}, number {}, seed {}, from its onset at {}", which, explanation.outcome().index,
                      subject.seed, quantity::text_of_date(onset));
  const std::string name = printable(world.title.empty() ? world.name : world.title);
  return paint(Ink::strong, wrapped(name, columns)) + "\n" + paint(Ink::faint, wrapped(what, columns)) + "\n\n";
}

std::string drawn(const Explanation& explanation, const Paint& paint) {
  return timeline_key(paint) + timeline_of(explanation.world(), explanation.outcome(), columns, paint);
}

// --- why -------------------------------------------------------------------------------------------------------------

std::string line_at(const Explanation& explanation, quantity::Duration at, const std::string& sentence) {
  return "  " + right(minute_text(explanation, at), time_width) + "  " +
         hung(printable(sentence), columns, time_width + 4) + "\n";
}

const simulation::Event& event_of(const Explanation& explanation, EventNumber number) {
  return explanation.outcome().events[number - 1];
}

std::string event_line(const Explanation& explanation, EventNumber number) {
  const simulation::Event& event = event_of(explanation, number);
  return line_at(explanation, event.at, sentence_of(explanation.world(), event));
}

bool are_alike(const Chain& a, const Chain& b) {
  return std::equal(a.events.begin(), a.events.end() - 1, b.events.begin(), b.events.end() - 1);
}

// A link that goes off together with what switched it off is one of several that say the same.
bool says_nothing_new(const Explanation& explanation, EventNumber number) {
  const simulation::Event& event = event_of(explanation, number);
  return event.kind == simulation::EventKind::link_off && event.cause != 0 &&
         event_of(explanation, event.cause).at == event.at;
}

// "facebook goes down in apac, in emea after 1m 53s": the regions that fell to the same events.
std::string fall_of(const Explanation& explanation, const std::vector<const Chain*>& regions) {
  const world::World& world = explanation.world();
  const simulation::Event& first = event_of(explanation, regions.front()->events.back());
  const bool is_down = first.kind == simulation::EventKind::app_down;
  std::string text = fmt::format("{} {}", world[regions.front()->app].name, is_down ? "goes down" : "is degraded");
  quantity::Duration told = first.at;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const simulation::Event& event = event_of(explanation, regions[i]->events.back());
    text += fmt::format("{} in {}", i > 0 ? "," : "", world[regions[i]->region].name);
    if (event.at != told) text += " after " + minute_text(explanation, event.at);
    told = event.at;
    if (event.kind != first.kind) text += is_down ? " (degraded)" : " (down)";
  }
  return text;
}

// Those of the app of chain `from`, not told before, that fell to the same events as `first`; they are told now.
std::vector<const Chain*> regions_like(const Explanation& explanation, const Chain& first, std::size_t from,
                                       std::vector<bool>& is_told) {
  std::vector<const Chain*> regions;
  const auto& chains = explanation.chains;
  for (std::size_t i = from; i < chains.size() && chains[i].app == chains[from].app; ++i) {
    if (is_told[i] || !are_alike(first, chains[i])) continue;
    is_told[i] = true;
    regions.push_back(&chains[i]);
  }
  return regions;
}

// Apps and regions that fell to the same events are told together.
std::string why(const Explanation& explanation, const Paint& paint) {
  std::string text = section("why", "from the fault on, each brought about by the one before", paint);
  std::vector<bool> is_told(explanation.chains.size(), false);
  for (std::size_t i = 0; i < explanation.chains.size(); ++i) {
    if (is_told[i]) continue;
    const Chain& first = explanation.chains[i];
    if (i > 0) text += "\n";
    for (std::size_t e = 0; e + 1 < first.events.size(); ++e) {
      if (!says_nothing_new(explanation, first.events[e])) text += event_line(explanation, first.events[e]);
    }
    for (std::size_t j = i; j < explanation.chains.size(); ++j) {
      const std::vector<const Chain*> regions = regions_like(explanation, first, j, is_told);
      if (regions.empty()) continue;
      const std::string line =
          line_at(explanation, event_of(explanation, regions.front()->events.back()).at, fall_of(explanation, regions));
      text += paint(Ink::bad, std::string_view{line}.substr(0, line.size() - 1)) + "\n";
    }
  }
  return text;
}

// --- how it ended ----------------------------------------------------------------------------------------------------

std::string stretch_line(const Explanation& explanation, const Stretch& stretch) {
  const double minutes = (stretch.to - stretch.from).in_minutes();
  const std::string took =
      minutes > 0 ? fmt::format("{} {}", simulation::text_of(stretch.phase), minutes_text(minutes)) : "";
  const bool is_over = explanation.outcome().incident.restored.has_value();
  const std::string sentence =
      stretch.ended_by != 0 ? sentence_of(explanation.world(), explanation.outcome().events[stretch.ended_by - 1])
      : stretch.phase == simulation::Phase::wait ? ""
      : is_over                                  ? "everything is ok"
                                                 : "the run ends";
  return "  " + right(minute_text(explanation, stretch.to), time_width) + "  " + left(took, phase_width) +
         hung(printable(sentence), columns, time_width + phase_width + 4);
}

// Repeated stages of one kind are told by the first and the last of them.
bool continues(const Explanation& explanation, const Stretch& before, const Stretch& stretch) {
  if (before.ended_by == 0 || stretch.ended_by == 0 || before.phase != stretch.phase) return false;
  const auto& events = explanation.outcome().events;
  const simulation::Event& a = events[before.ended_by - 1];
  const simulation::Event& b = events[stretch.ended_by - 1];
  return a.kind == simulation::EventKind::admitted && b.kind == a.kind && a.about.subject == b.about.subject;
}

std::vector<Stretch> told_stretches(const Explanation& explanation) {
  std::vector<Stretch> told;
  for (const Stretch& stretch : explanation.stretches) {
    const bool is_second_or_later = told.size() > 1 && continues(explanation, told.back(), stretch) &&
                                    continues(explanation, told[told.size() - 2], told.back());
    if (is_second_or_later) {
      told.back().to = stretch.to;
      told.back().ended_by = stretch.ended_by;
    } else {
      told.push_back(stretch);
    }
  }
  return told;
}

// The event with which the way to the end begins: what brought about the first that is told with its phase.
std::string first_line(const Explanation& explanation) {
  for (const Stretch& stretch : explanation.stretches) {
    if (stretch.ended_by == 0) continue;
    const EventNumber first = event_of(explanation, stretch.ended_by).cause;
    if (first == 0) return {};
    const std::string sentence = sentence_of(explanation.world(), event_of(explanation, first));
    return "  " + right(minute_text(explanation, event_of(explanation, first).at), time_width) + "  " +
           std::string(phase_width, ' ') + hung(printable(sentence), columns, time_width + phase_width + 4) + "\n";
  }
  return {};
}

std::string how_it_ended(const Explanation& explanation, const Paint& paint) {
  if (explanation.stretches.empty()) return {};
  const bool is_over = explanation.outcome().incident.restored.has_value();
  std::string text = section(is_over ? "how it ended" : "how far it got",
                             "what each event was waited for, back along its causes", paint);
  text += first_line(explanation);
  for (const Stretch& stretch : told_stretches(explanation)) {
    std::string line = stretch_line(explanation, stretch);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

// --- what held people up ---------------------------------------------------------------------------------------------

std::string still_waiting(const Explanation& explanation, const Paint& paint) {
  if (explanation.waiting.empty()) return {};
  std::string text = section("still waiting at the end", "", paint);
  for (const study::Waiting& one : explanation.waiting) {
    std::string sentence = explanation.world()[one.step].name;
    sentence += one.waits_for.empty() ? " is not finished"
                                      : fmt::format(" waits for {}", listed(one.waits_for, one.waits_for.size()));
    if (!one.because.empty()) sentence += fmt::format(", kept from it by {}", listed(one.because, one.because.size()));
    if (one.is_stuck) sentence += "; what it waits for hangs on what it is to mend: a knot";
    text += "  " + paint(one.is_stuck ? Ink::bad : Ink::plain, hung(printable(sentence), columns, 2)) + "\n";
  }
  return text;
}

// "config-db has been degraded since 2m, and with it 17 more; no fault is left that touches it: the load keeps it so."
std::string still_unwell(const Explanation& explanation, const Paint& paint) {
  if (explanation.unwell.empty()) return {};
  constexpr std::size_t named_max = 3;
  std::string text = section("still not well at the end", "where the trouble sits", paint);
  for (const study::Unwell& one : explanation.unwell) {
    const world::World& world = explanation.world();
    std::string sentence = fmt::format("{} is {} since {}", world[one.service].name, simulation::text_of(one.health),
                                       minutes_text(one.since.in_minutes()));
    std::vector<std::string> with_it;
    for (const world::ServiceId other : one.with_it) with_it.push_back(world[other].name);
    if (!with_it.empty()) sentence += ", and so are " + listed(with_it, named_max) + " that hang on it";
    sentence += one.because.empty() ? "; nothing that broke is broken any more: its load keeps it so"
                                    : fmt::format(", kept so by {}", listed(one.because, one.because.size()));
    text += "  " + hung(printable(sentence), columns, 2) + "\n";
  }
  return text;
}

std::string what_would_have_helped(const Explanation& explanation, const Paint& paint) {
  if (explanation.counterfactuals.empty()) return {};
  std::string text = section("what would have helped", "the same day with one thing changed", paint);
  text += paint(Ink::faint, right("outage shorter by", 21) + right("minutes lost", 15) + "   without") + "\n";
  constexpr double noticeable_minutes = 0.5;
  std::vector<std::string> idle;
  for (const study::Counterfactual& one : explanation.counterfactuals) {
    const double lost = explanation.outcome().incident.user_minutes_lost;
    const bool matters =
        std::abs(one.saves_minutes) >= noticeable_minutes || std::abs(one.saves_user_minutes) > lost * 0.005;
    if (!matters) {
      idle.push_back(one.without);
      continue;
    }
    const std::string minutes = (one.is_at_least         ? "> "
                                 : one.saves_minutes < 0 ? "−"
                                                         : "") +
                                minutes_text(std::abs(one.saves_minutes));
    const std::string people = one.saves_user_minutes == 0 ? "0"
                                                           : (one.saves_user_minutes > 0 ? "−" : "+") +
                                                                 count_text(std::abs(one.saves_user_minutes));
    text += right(minutes, 21) + right(people, 15) + "   " + hung(one.without, columns, 39) + "\n";
  }
  if (idle.empty()) return text;
  return text + paint(Ink::faint, "  " + hung("next to nothing without " + listed(idle, idle.size()), columns, 2)) +
         "\n";
}

}  // namespace

std::string text_of(const Explanation& explanation, const std::string& which, const TextStyle& style) {
  const Paint paint{style.has_colour};
  std::string text = title(explanation, which, paint);
  if (!explanation.outcome().incident.hit) return text + "No app was hit on this day.\n";
  text += drawn(explanation, paint);
  text += why(explanation, paint);
  text += how_it_ended(explanation, paint);
  text += phase_bars_of(explanation.results.phase_minutes, "", paint);
  text += still_waiting(explanation, paint);
  text += still_unwell(explanation, paint);
  text += what_would_have_helped(explanation, paint);
  return text + "\n" + paint(Ink::faint, "fingerprint " + fingerprint_text(explanation.outcome().fingerprint)) + "\n";
}

}  // namespace knockon::report
