#include "engine/report/trace_json.hpp"

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "engine/report/event_text.hpp"
#include "engine/report/json_parts.hpp"

namespace knockon::report {
namespace {

using simulation::Event;
using simulation::EventKind;
using simulation::EventNumber;

// The groups of tracks, as the viewer shows them from above.
enum class Group : std::uint8_t { apps = 1, faults, automation, monitors, people, links };

const char* name_of(Group group) {
  switch (group) {
    case Group::apps:
      return "apps";
    case Group::faults:
      return "faults";
    case Group::automation:
      return "automation";
    case Group::monitors:
      return "monitors";
    case Group::people:
      return "people";
    case Group::links:
      return "names and links";
  }
  return "";
}

Group group_of(EventKind kind) {
  switch (kind) {
    case EventKind::app_down:
    case EventKind::app_degraded:
    case EventKind::app_ok:
    case EventKind::milestone:
      return Group::apps;
    case EventKind::fault_began:
    case EventKind::fault_ended:
      return Group::faults;
    case EventKind::reaction_began:
    case EventKind::reaction_ended:
      return Group::automation;
    case EventKind::monitor_blind:
    case EventKind::monitor_seeing:
    case EventKind::alert_on:
    case EventKind::alert_off:
    case EventKind::reports_on:
      return Group::monitors;
    case EventKind::cached_names_gone:
    case EventKind::cached_names_back:
    case EventKind::link_off:
    case EventKind::link_on:
      return Group::links;
    default:
      return Group::people;
  }
}

// What the track shows from this event on; none: nothing, until its next event.
std::optional<const char*> state_after(EventKind kind) {
  switch (kind) {
    case EventKind::app_down:
      return "down";
    case EventKind::app_degraded:
      return "degraded";
    case EventKind::fault_began:
    case EventKind::reaction_began:
      return "active";
    case EventKind::monitor_blind:
      return "blind";
    case EventKind::alert_on:
    case EventKind::reports_on:
      return "alerts";
    case EventKind::cached_names_gone:
      return "not found";
    case EventKind::link_off:
      return "off";
    case EventKind::step_waits:
      return "waits";
    case EventKind::step_began:
    case EventKind::step_resumed:
      return "at work";
    case EventKind::step_paused:
      return "paused";
    case EventKind::admitted:
      return "lets people in";
    case EventKind::bytes_leave:
    case EventKind::bytes_move_on:
      return "moves bytes";
    case EventKind::bytes_stop:
      return "has no way";
    default:
      return std::nullopt;
  }
}

// A blind monitor that fires, and a step that tells the public, go on with what they were doing.
bool keeps_state(EventKind kind) {
  return kind == EventKind::acknowledged || kind == EventKind::escalated || kind == EventKind::announced ||
         kind == EventKind::milestone || kind == EventKind::step_undone || kind == EventKind::step_stuck;
}

class Writer {
 public:
  Writer(const world::World& world, const simulation::Outcome& outcome) : world_{world}, outcome_{outcome} {}

  std::string text() {
    for (EventNumber number = 1; number <= outcome_.events.size(); ++number) add(number);
    for (auto& [track, state] : states_) close(track, world_.horizon);
    Json json = Json::object();
    json["displayTimeUnit"] = "ms";
    json["traceEvents"] = std::move(events_);
    return text_of(json);
  }

 private:
  using Track = std::pair<int, int>;  // the viewer's process and thread
  struct State {
    const char* name = nullptr;  // none: nothing to show
    quantity::Duration since;
    std::string sentence;
  };

  [[nodiscard]] double microseconds(quantity::Duration at) const {
    return std::round((at - outcome_.onset).in_seconds() * 1e6);
  }

  Json entry(const char* phase, const std::string& name, const Track& track, quantity::Duration at) const {
    Json json = Json::object();
    json["ph"] = phase;
    json["name"] = name;
    json["pid"] = track.first;
    json["tid"] = track.second;
    json["ts"] = microseconds(at);
    return json;
  }

  void name_track(const char* what, const Track& track, const std::string& name) {
    Json json = entry("M", what, track, outcome_.onset);
    json["args"]["name"] = name;
    events_.push_back(std::move(json));
  }

  Track track_of(const Event& event) {
    const Group group = group_of(event.kind);
    const std::string subject = subject_of(world_, event);
    const std::string name = subject.empty() ? "the plan" : subject;
    const auto [known, is_new] = tracks_.try_emplace({static_cast<int>(group), name}, Track{});
    if (is_new) {
      known->second = {static_cast<int>(group), static_cast<int>(tracks_.size())};
      name_track("process_name", known->second, name_of(group));
      name_track("thread_name", known->second, name);
    }
    return known->second;
  }

  void close(const Track& track, quantity::Duration at) {
    const auto state = states_.find(track);
    if (state == states_.end() || state->second.name == nullptr) return;
    Json json = entry("X", state->second.name, track, state->second.since);
    json["dur"] = microseconds(at) - microseconds(state->second.since);
    json["args"]["why"] = state->second.sentence;
    events_.push_back(std::move(json));
    state->second.name = nullptr;
  }

  void add(EventNumber number) {
    const Event& event = outcome_.events[number - 1];
    const Track track = track_of(event);
    const std::string sentence = sentence_of(world_, event);
    Json instant = entry("i", sentence, track, event.at);
    instant["s"] = "t";
    instant["args"]["event"] = number;
    instant["args"]["cause"] = event.cause == 0 ? Json(nullptr) : Json(event.cause);
    events_.push_back(std::move(instant));
    if (event.cause != 0) add_arrow(outcome_.events[event.cause - 1], event, number);
    if (keeps_state(event.kind)) return;
    close(track, event.at);
    if (const auto name = state_after(event.kind)) states_[track] = {*name, event.at, sentence};
  }

  void add_arrow(const Event& cause, const Event& event, EventNumber number) {
    Json from = entry("s", "brought about", track_of(cause), cause.at);
    Json to = entry("f", "brought about", track_of(event), event.at);
    for (Json* end : {&from, &to}) {
      (*end)["cat"] = "cause";
      (*end)["id"] = number;
    }
    to["bp"] = "e";
    events_.push_back(std::move(from));
    events_.push_back(std::move(to));
  }

  const world::World& world_;
  const simulation::Outcome& outcome_;
  Json events_ = Json::array();
  std::map<std::pair<int, std::string>, Track> tracks_;
  std::map<Track, State> states_;
};

}  // namespace

std::string trace_json_of(const world::World& world, const simulation::Outcome& outcome) {
  return Writer{world, outcome}.text();
}

}  // namespace knockon::report
