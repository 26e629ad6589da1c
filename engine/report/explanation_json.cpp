#include "engine/report/explanation_json.hpp"

#include <nlohmann/json.hpp>

#include "engine/report/event_text.hpp"
#include "engine/report/json_parts.hpp"
#include "engine/report/page.hpp"

namespace knockon::report {
namespace {

using simulation::EventNumber;
using study::Explanation;

Json minute_of(const Explanation& explanation, quantity::Duration at) {
  return json_number((at - explanation.outcome().onset).in_minutes(), thousandths);
}

Json event(const Explanation& explanation, EventNumber number) {
  const simulation::Event& event = explanation.outcome().events[number - 1];
  Json json = Json::object();
  json["event"] = number;
  json["minute"] = minute_of(explanation, event.at);
  json["subject"] = subject_of(explanation.world(), event);
  json["change"] = simulation::text_of(event.kind);
  json["cause"] = event.cause == 0 ? Json(nullptr) : Json(event.cause);
  json["text"] = sentence_of(explanation.world(), event);
  return json;
}

Json chains(const Explanation& explanation) {
  Json chains = Json::array();
  for (const study::Chain& chain : explanation.chains) {
    Json json = Json::object();
    json["app"] = explanation.world()[chain.app].name;
    json["region"] = explanation.world()[chain.region].name;
    json["events"] = Json::array();
    for (const EventNumber number : chain.events) json["events"].push_back(event(explanation, number));
    chains.push_back(std::move(json));
  }
  return chains;
}

// The way to the end: each stretch with its phase and the event that ended it.
Json recovery(const Explanation& explanation) {
  Json stretches = Json::array();
  for (const simulation::Stretch& stretch : explanation.stretches) {
    Json json = Json::object();
    json["phase"] = simulation::text_of(stretch.phase);
    json["from_minute"] = minute_of(explanation, stretch.from);
    json["to_minute"] = minute_of(explanation, stretch.to);
    json["ended_by"] = stretch.ended_by == 0 ? Json(nullptr) : event(explanation, stretch.ended_by);
    stretches.push_back(std::move(json));
  }
  return stretches;
}

Json waiting(const Explanation& explanation, bool is_stuck) {
  Json waiting = Json::array();
  for (const study::Waiting& one : explanation.waiting) {
    if (one.is_stuck != is_stuck) continue;
    Json json = Json::object();
    json["step"] = explanation.world()[one.step].name;
    json["waits_for"] = listed(one.waits_for, one.waits_for.size());
    json["because"] = one.because;
    waiting.push_back(std::move(json));
  }
  return waiting;
}

Json unwell(const Explanation& explanation) {
  Json unwell = Json::array();
  for (const study::Unwell& one : explanation.unwell) {
    Json json = Json::object();
    json["service"] = explanation.world()[one.service].name;
    json["health"] = simulation::text_of(one.health);
    json["since_minute"] = json_number(one.since.in_minutes(), thousandths);
    json["because"] = one.because;
    json["with_it"] = Json::array();
    for (const world::ServiceId other : one.with_it) json["with_it"].push_back(explanation.world()[other].name);
    unwell.push_back(std::move(json));
  }
  return unwell;
}

Json counterfactuals(const Explanation& explanation) {
  Json counterfactuals = Json::array();
  for (const study::Counterfactual& one : explanation.counterfactuals) {
    Json json = Json::object();
    json["without"] = one.without;
    json["saves_minutes"] = json_number(one.saves_minutes, thousandths);
    json["saves_user_minutes"] = json_number(one.saves_user_minutes, thousandths);
    json["at_least"] = one.is_at_least;
    counterfactuals.push_back(std::move(json));
  }
  return counterfactuals;
}

}  // namespace

std::string json_of(const Explanation& explanation) {
  Json json = Json::object();
  add_json_head(json, explanation.results);
  json["replication"] = explanation.outcome().index;
  json["chains"] = chains(explanation);
  json["recovery"] = recovery(explanation);
  json["minutes"] = json_of_phases(explanation.results);
  json["stuck"] = waiting(explanation, true);
  json["unfinished"] = waiting(explanation, false);
  json["unwell"] = unwell(explanation);
  json["counterfactuals"] = counterfactuals(explanation);
  return text_of(json);
}

}  // namespace knockon::report
