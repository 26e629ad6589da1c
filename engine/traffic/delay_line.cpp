#include "engine/traffic/delay_line.hpp"

#include <algorithm>

namespace knockon::traffic {
namespace {

// Neighbours that joined within this part of their delay are carried as one.
constexpr double joint_part = 1.0 / 32;

}  // namespace

// Evenly joined and evenly delayed: the sum of two even spreads, which rises, stays and falls.
double DelayLine::share_out(Span joined, Delay delay, double date_s) {
  const double since = date_s - joined.from_s - delay.least_s;
  if (since <= 0) return 0;
  const double one = joined.length(), other = delay.most_s - delay.least_s;
  const double shorter = std::min(one, other), longer = std::max(one, other);
  if (since >= shorter + longer) return 1;
  if (since < shorter) return since * since / (2 * shorter * longer);
  if (since < longer) return (since - shorter / 2) / longer;
  const double missing = shorter + longer - since;
  return 1 - missing * missing / (2 * shorter * longer);
}

double DelayLine::Parcel::coming_out(Span span) const {
  const double before = share_out(joined, delay, span.from_s), after = share_out(joined, delay, span.to_s);
  return after >= 1 ? left : left * (after - before) / (1 - before);
}

void DelayLine::clear() {
  parcels_.clear();
  waiting_ = least_delay_s_ = 0;
}

void DelayLine::join(Span span, double amount, Delay delay) {
  if (amount <= 0) return;
  waiting_ += amount;
  least_delay_s_ = delay.least_s;
  for (auto last = parcels_.rbegin(); last != parcels_.rend() && last < parcels_.rbegin() + 2; ++last) {
    const bool is_alike = last->delay.least_s == delay.least_s && last->delay.most_s == delay.most_s;
    if (!is_alike || last->joined.to_s != span.from_s || span.to_s - last->joined.from_s > joint_part * delay.most_s)
      continue;
    last->joined.to_s = span.to_s;
    last->left += amount;
    return;
  }
  parcels_.push_back({span, delay, amount});
}

void DelayLine::keep(double share) {
  if (share <= 0) return clear();
  for (Parcel& parcel : parcels_) parcel.left *= share;
  waiting_ *= share;
}

double DelayLine::leave(Span span) {
  double out = 0;
  for (Parcel& parcel : parcels_) {
    const double gone = parcel.coming_out(span);
    parcel.left -= gone;
    out += gone;
  }
  std::erase_if(parcels_, [](const Parcel& parcel) { return parcel.left <= 0; });
  waiting_ = parcels_.empty() ? 0 : std::max(0.0, waiting_ - out);
  return out;
}

double DelayLine::leaving(Span span) const {
  double out = 0;
  for (const Parcel& parcel : parcels_) out += parcel.coming_out(span);
  return out;
}

}  // namespace knockon::traffic
