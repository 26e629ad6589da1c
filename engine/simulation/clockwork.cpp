#include "engine/simulation/clockwork.hpp"

#include <xbt/log.h>

#include <bit>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <limits>
#include <memory>
#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/s4u.hpp>
#include <string>
#include <utility>
#include <vector>

#include "engine/quantity/contract.hpp"
#include "engine/quantity/heap.hpp"
#include "engine/simulation/platform.hpp"

namespace knockon::simulation {
namespace {

namespace s4u = simgrid::s4u;
using quantity::Duration;
using quantity::require;
using quantity::SimTime;

// The kernel's handlers for interrupts and crashes are not ours to have: who runs us decides what Ctrl-C means.
class SignalHandlersKept {
 public:
  SignalHandlersKept() {
    for (std::size_t i = 0; i < count; ++i) sigaction(signals[i], nullptr, &kept_[i]);
  }
  ~SignalHandlersKept() {
    for (std::size_t i = 0; i < count; ++i) sigaction(signals[i], &kept_[i], nullptr);
  }
  SignalHandlersKept(const SignalHandlersKept&) = delete;
  SignalHandlersKept& operator=(const SignalHandlersKept&) = delete;

 private:
  static constexpr std::size_t count = 5;
  static constexpr int signals[count] = {SIGINT, SIGTERM, SIGSEGV, SIGBUS, SIGABRT};
  struct sigaction kept_[count];
};

// The kernel reads options from a command line only; it gets one of its own and never sees the user's.
std::unique_ptr<s4u::Engine> started_kernel() {
  const SignalHandlersKept kept;
  // All that Flow keeps, through which a replication goes again and again. The stacks of ended actors stay for the next
  // ones too: giving them back to the system after each replication and faulting them in again was measured at four
  // times the cost of everything else an actor needs.
  quantity::prepare_heap(24 << 20);
  xbt_log_control_set("root.thres:critical");
  std::vector<std::string> words = {
    "knockon",
    "--log=root.thres:critical",
    "--cfg=contexts/stack-size:32",  // KiB: 4.8 are the most seen in use, and after so little malloc need not tidy
    "--cfg=contexts/guard-size:0",
    "--cfg=surf/precision:1e-7",  // below our tick of 2^-20 s: dates one tick apart stay apart
    "--cfg=debug/verbose-exit:0",
    // Bytes share links by max-min fairness and nothing else: no slow start, no acknowledgements on the way back.
    "--cfg=network/model:CM02",
    "--cfg=network/TCP-gamma:0",
    "--cfg=network/crosstraffic:0",
#if defined(__SANITIZE_ADDRESS__)
    "--cfg=contexts/factory:thread",  // the address sanitizer does not follow stacks that are switched by hand
#endif
  };
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  int count = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  return std::make_unique<s4u::Engine>(&count, arguments.data());
}

// Below, our ticks of 2^-20 s are exact in a double.
constexpr std::uint64_t exact_until_s = std::uint64_t{1} << 33, longest_slot_s = exact_until_s / 16;

// Two to a power, in seconds; a second longer than the horizon at least, so that the end of one replication and the
// begin of the next never touch.
std::uint64_t slot_length_s(Duration horizon) {
  const auto seconds = static_cast<std::uint64_t>(horizon.ticks() / Duration::ticks_per_second) + 2;
  const std::uint64_t length = std::bit_ceil(seconds);
  require(length <= longest_slot_s, "a horizon is short enough (17 years) for exact dates in every slot");
  return length;
}

}  // namespace

struct Clockwork::Parts {
  // The flow hooks in beside the kernel's own models. It is asked last, when the kernel knows how far it may go, and
  // goes on alone until then, or until something is done to the kernel that it has to look after.
  struct FlowModel : simgrid::kernel::resource::Model {
    explicit FlowModel(Parts& parts) : Model{"flow"}, parts_{parts} {}

    bool next_occurring_event_is_idempotent() override { return false; }
    // Given how long nobody else has anything to do (seconds; negative: for good), says the same with the flow counted
    // in. What must find the kernel at its date, it only announces.
    double next_occurring_event(double others_s) override {
      const double now_s = s4u::Engine::get_clock();
      const double until_s = others_s < 0 ? std::numeric_limits<double>::infinity() : now_s + others_s;
      has_pulsed_ = false;
      while (parts_.playing) {
        const SimTime next = parts_.hooks.next_date();
        const double next_s = next.is_never() ? until_s : parts_.kernel_date_s(next);
        if (next_s >= until_s) break;
        if (parts_.transport.is_busy()) return next_s - now_s;
        parts_.stirred = false;
        parts_.pulse(next);
        if (!parts_.stirred && parts_.playing) continue;
        has_pulsed_ = true;
        return next_s - now_s;
      }
      return others_s;
    }
    void update_actions_state(double, double) override {
      if (parts_.playing && !has_pulsed_) parts_.pulse(parts_.now());
    }

   private:
    Parts& parts_;
    bool has_pulsed_ = false;  // at the date that the kernel goes to
  };

  explicit Parts(const world::World& its_world)
      : world{its_world},
        kernel{started_kernel()},
        platform{built_platform(world)},
        transport{platform},
        slot_s{static_cast<double>(slot_length_s(world.horizon))} {
    kernel->add_model(std::make_shared<FlowModel>(*this));
    // Without this the first actor's creation would seal and log in the middle of a replication.
    kernel->seal_platform();
  }

  [[nodiscard]] double kernel_date_s(SimTime date) const { return slot_start_s + date.since_start().in_seconds(); }
  [[nodiscard]] SimTime now() const {
    const double ticks = (s4u::Engine::get_clock() - slot_start_s) * static_cast<double>(Duration::ticks_per_second);
    return SimTime::at(Duration::of_ticks(std::llround(ticks)));
  }

  void pulse(SimTime date) {
    guarded([&] { hooks.pulse(date); });
  }

  // The kernel ends an actor with an exception of its own that has no base class and must pass. Everything of ours is
  // kept for play() to throw: leaving an actor with it would end the process, and leaving the kernel's loop with it
  // would leave actors behind that still wait for something.
  void guarded(const std::function<void()>& code) {
    try {
      code();
    } catch (const std::exception&) {
      if (!failure) failure = std::current_exception();
      playing = false;
      s4u::Actor::kill_all();
    }
  }

  // What faults left off would be off in the next replication.
  void turn_everything_on() const {
    for (s4u::Host* host : platform.sites) {
      if (!host->is_on()) host->turn_on();
    }
    for (s4u::Link* link : platform.links) {
      if (!link->is_on()) link->turn_on();
    }
  }

  void require_nothing_left() const {
    require(kernel->get_actor_count() == 0, "no actor outlives its replication");
    for (const s4u::Host* host : platform.sites) require(host->is_on(), "every site is on again after a replication");
    for (const s4u::Link* link : platform.links) require(link->is_on(), "every link is on again after a replication");
    for (auto* model : kernel->get_all_models()) {
      require(model->get_started_action_set()->empty(), "no activity outlives its replication");
    }
  }

  const world::World& world;
  std::unique_ptr<s4u::Engine> kernel;
  Platform platform;
  Transport transport;
  double slot_s, slot_start_s = 0;
  bool playing = false;
  bool stirred = false;  // something was done to the kernel that it looks after at its next step
  Hooks hooks;
  std::exception_ptr failure;
};

Clockwork::Clockwork(const world::World& world) : parts_{std::make_unique<Parts>(world)} {}
Clockwork::~Clockwork() = default;

std::uint64_t Clockwork::slots_of(Duration horizon) { return exact_until_s / slot_length_s(horizon); }

void Clockwork::play(std::uint64_t slot, Hooks hooks, std::function<void()> director) {
  Parts& parts = *parts_;
  parts.slot_start_s = static_cast<double>(slot) * parts.slot_s;
  require(s4u::Engine::get_clock() <= parts.slot_start_s, "a slot of the kernel's clock is played once, and in order");
  require(slot < slots_of(parts.world.horizon), "dates in every slot are exact");
  parts.hooks = std::move(hooks);
  s4u::Actor::create("director", parts.platform.people, [&parts, &director] {
    s4u::this_actor::sleep_until(parts.slot_start_s);
    parts.playing = true;
    parts.guarded(director);
    parts.playing = false;
    // The kernel looks after what was closed at its next step, which must come before the slot is over.
    if (parts.transport.clear(parts.world)) s4u::this_actor::sleep_for(Duration::of_ticks(1).in_seconds());
  });
  parts.kernel->run();
  parts.playing = false;
  parts.hooks = {};
  parts.turn_everything_on();
  parts.transport.clear(parts.world);
  if (parts.failure) std::rethrow_exception(std::exchange(parts.failure, nullptr));
  parts.require_nothing_left();
}

SimTime Clockwork::now() const { return parts_->now(); }

// Daemons end with the director. An actor makes itself one: made one by its parent after it has come to its end, it
// would be counted among the living, and all others would end before their time.
void Clockwork::start_actor(const std::string& name, std::function<void()> code) {
  parts_->stirred = true;
  s4u::Actor::create(name, parts_->platform.people, [parts = parts_.get(), code = std::move(code)] {
    s4u::Actor::self()->daemonize();
    if (parts->playing) parts->guarded(code);
  });
}

void Clockwork::sleep_until(SimTime date) { s4u::this_actor::sleep_until(parts_->kernel_date_s(date)); }

void Clockwork::turn(world::SiteId site, bool on) {
  s4u::Host* host = parts_->platform.sites[site.index()];
  if (host->is_on() == on) return;
  parts_->stirred = true;
  on ? host->turn_on() : host->turn_off();
}

void Clockwork::turn(world::LinkId link, bool on) {
  s4u::Link* path = parts_->platform.links[link.index()];
  if (path->is_on() == on) return;
  parts_->stirred = true;
  on ? path->turn_on() : path->turn_off();
}

Transport& Clockwork::transport() { return parts_->transport; }

struct Bell::Parts {
  Clockwork& clockwork;
  s4u::SemaphorePtr semaphore = s4u::Semaphore::create(0);
  bool rung = false;
};

Bell::Bell(Clockwork& clockwork) : parts_{new Parts{clockwork}} {}
Bell::~Bell() = default;
Bell::Bell(Bell&&) noexcept = default;

void Bell::ring() {
  if (std::exchange(parts_->rung, true)) return;
  parts_->clockwork.parts_->stirred = true;
  parts_->semaphore->release();
}

void Bell::wait_until(SimTime date) {
  if (date.is_never()) {
    parts_->semaphore->acquire();
    parts_->rung = false;
    return;
  }
  const Duration left = date - parts_->clockwork.now();
  if (left <= Duration{}) return;
  const bool timed_out = parts_->semaphore->acquire_timeout(left.in_seconds());
  if (!timed_out) parts_->rung = false;
}

struct Crew::Parts {
  s4u::SemaphorePtr turn =
      s4u::Semaphore::create(1);  // held while taking several, so that two takers never hold half each
  s4u::SemaphorePtr people;
};

Crew::Crew(int people) : parts_{new Parts{.people = s4u::Semaphore::create(static_cast<unsigned>(people))}} {}
Crew::~Crew() = default;
Crew::Crew(Crew&&) noexcept = default;

void Crew::take(int people) {
  parts_->turn->acquire();
  for (int i = 0; i < people; ++i) parts_->people->acquire();
  parts_->turn->release();
}

void Crew::release(int people) {
  for (int i = 0; i < people; ++i) parts_->people->release();
}

}  // namespace knockon::simulation
