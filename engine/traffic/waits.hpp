// Services at which work stands or is slowed for so long that who asked has gone: how long an attempt that arrives now
// would take. Their queues move in seconds, between dates.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/traffic/circuit.hpp"
#include "engine/traffic/delay_line.hpp"
#include "engine/traffic/parts.hpp"

namespace knockon::traffic {

class Waits {
 public:
  explicit Waits(const Network::Parts& parts);
  [[nodiscard]] bool is_empty() const { return rooms_.empty(); }

  void begin();
  // Takes limits and times from the layout; what waits goes on waiting.
  void take_parameters();
  // The time of an answer when nothing else is in service.
  void set_usual(std::uint32_t instance, double usual_s);
  // As much in service as what arrives now would keep there, where that has an end.
  void make_steady(Circuit& circuit);
  // Moves by a part of a step in which arrivals are constant.
  void move(double part_s, Circuit& circuit);

  // Beyond the usual time of an answer.
  [[nodiscard]] Wait wait(std::uint32_t instance, const Circuit& circuit) const;
  // Work that nobody serves because who asked has told when they would go, in units of cost a second.
  void set_spared(std::uint32_t instance, double per_s);
  // How long the instance's wait may move on before it is near one of its callers' patience, at least about that.
  [[nodiscard]] double longest_step_s(const Circuit& circuit) const;
  [[nodiscard]] double waiting(const Circuit& circuit) const;  // units of cost, everywhere

 private:
  enum class Kind : std::uint8_t { oldest_first, newest_first, slowed, bounded };
  struct Room {
    Kind kind;
    std::uint32_t instance;
    world::ServiceId service;
    double limit_s = 0;         // oldest and newest first: the longest queue; bounded: the wait aimed at
    double usual_s = 0;         // slowed: time of an answer when nothing else is in service
    double each_s = 0;          // slowed: what each in service adds, on one replica
    double replicas = 1;        // slowed
    double leaves_after_s = 0;  // newest first: work is taken out after so long; 0: never
    double patience_s = 1;      // of its callers, the least
    double unevenness = 0;
    double growth = 0;  // of work, a second, when last moved
    double wait_s = 0;
    double spared = 0;
    // Slowed: what is in service, by how much of its work is done. All are worked at alike, so one clock of work done,
    // in requests, says who is ready.
    double work_done = 0;
    DelayLine in_service;
    DelayLine::Delay work{1, 1};  // of one request: as uneven as its time alone
  };
  void lay_out();
  void move_queue(Room& room, double part_s, Circuit& circuit);
  void move_slowed(Room& room, double part_s, Circuit& circuit);
  [[nodiscard]] static double left_in_service(const Room& room, double arriving, double done);
  void look(Room& room, const Circuit& circuit) const;
  [[nodiscard]] double added_by_each_s(const Room& room, const Circuit& circuit) const;

  const Network::Parts* parts_;
  std::vector<Room> rooms_;
  std::vector<std::uint32_t> room_of_instance_;
};

}  // namespace knockon::traffic
