// Sessions that machines hold, by age: how long ago each was opened or last renewed. The age says when a session is to
// be renewed next and when it expires, so what is lost while renewals fail needs no draw.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/quantity/time.hpp"
#include "engine/world/service.hpp"

namespace knockon::traffic {

// What a kind of session says about ages. Ages are told apart by a part of the time between renewals, or of the longest
// lifetime where nothing is renewed. At each part's end everybody is a part older.
class AgeRules {
 public:
  explicit AgeRules(const world::SessionKind& kind);

  // Nothing ever expires or is renewed.
  [[nodiscard]] bool is_ageless() const { return ages_ == 1 && renewal_ages_ == 0; }
  [[nodiscard]] quantity::Duration part() const { return part_; }
  [[nodiscard]] std::size_t ages() const { return ages_; }
  [[nodiscard]] std::size_t ages_between_renewals() const { return renewal_ages_; }  // 0: there are none
  // Of those of this age: who asks for a renewal on the way to the next one.
  [[nodiscard]] bool renews(std::size_t age) const { return renewal_ages_ > 0 && (age + 1) % renewal_ages_ == 0; }
  // Of those of this age, the share that is still valid when the next renewal is due (or at the next age, where none
  // is).
  [[nodiscard]] double reaching(std::size_t age) const { return reaching_[age]; }
  // Of those that were not renewed, the share that is valid at the next age.
  [[nodiscard]] double outliving(std::size_t age) const { return outliving_[age]; }
  // Of sessions of age 0, those that are valid at this one if never renewed.
  [[nodiscard]] double surviving(std::size_t age) const { return age < ages_ ? surviving_[age] : 0; }
  // Ages below which sessions are, while renewals are answered.
  [[nodiscard]] std::size_t ages_renewed() const {
    return renewal_ages_ > 0 && renewal_ages_ < ages_ ? renewal_ages_ : ages_;
  }
  [[nodiscard]] bool never_expires() const { return never_expires_; }
  // Where a part is longer than the time between renewals, several are asked for in it, and one that is answered does.
  [[nodiscard]] double renewals_a_part() const { return renewals_a_part_; }
  [[nodiscard]] double renewed(double answered) const;

 private:
  quantity::Duration part_;
  std::size_t ages_ = 1, renewal_ages_ = 0;
  bool never_expires_;
  double renewals_a_part_ = 1;
  std::vector<double> surviving_, reaching_, outliving_;
};

// The sessions of one fleet. Each moves on its own, so amounts are fractional.
class SessionAges {
 public:
  // So many, of all the ages that they have while renewals are answered.
  void begin(const AgeRules& rules, double sessions);

  [[nodiscard]] double valid() const { return valid_; }
  [[nodiscard]] double renewals_per_s(const AgeRules& rules) const;  // asked for, now
  [[nodiscard]] double expiring_per_s(const AgeRules& rules, double answered) const;
  // Until everybody is a part older.
  [[nodiscard]] quantity::Duration left(const AgeRules& rules) const;
  // Time passes; of renewals the share `answered` is. Returns how many sessions expire. REQUIRES: span <= left(), and
  // turn() after that.
  double age(const AgeRules& rules, quantity::Duration span, double answered);
  void add(double opened);           // over the time that passed last
  void turn(const AgeRules& rules);  // when everybody is a part older
  void lose(double share);           // of all ages alike
  // How many would expire within `ahead` if no renewal were answered, at most.
  [[nodiscard]] double expiring_within(const AgeRules& rules, quantity::Duration ahead) const;
  // Until renewals come in a number that is told apart from now's: beyond `room_per_s` when they are within it, and by
  // a quarter when they are not. Sessions that were opened together are renewed together.
  [[nodiscard]] quantity::Duration renewals_alike(const AgeRules& rules, double room_per_s) const;

 private:
  void look_at_part(const AgeRules& rules);

  std::vector<double> by_age_;  // when this part of an age began, less what was lost since
  std::size_t used_ = 0;        // ages above have nobody
  double youngest_ = 0;         // opened or renewed since
  double valid_ = 0;
  quantity::Duration passed_;  // of this part
  double renewed_s_ = 0;       // of it, times the share that was renewed of those who were to be
  // Over this part: who asks for a renewal; who expires whatever becomes of that, and who if it is not answered.
  double renewing_ = 0, expiring_ = 0, expiring_unrenewed_ = 0;
};

}  // namespace knockon::traffic
