#include "engine/study/worker.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <new>
#include <string_view>

#include "engine/quantity/contract.hpp"
#include "engine/study/outcome_bytes.hpp"

namespace knockon::study {
namespace {

constexpr int leave_ms = 1000;

enum class Message : std::uint8_t { begun, outcome, failure, defect };

struct MessageHead {
  Message kind;
  std::uint32_t size;
};

void write_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(socket, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) _exit(1);  // nobody reads any more
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void send(int socket, Message kind, std::string_view body) {
  std::string bytes(sizeof(MessageHead), '\0');
  const MessageHead head{kind, static_cast<std::uint32_t>(body.size())};
  std::memcpy(bytes.data(), &head, sizeof head);
  bytes += body;
  write_all(socket, bytes);
}

// False: there will be no more.
bool read_all(int socket, void* to, std::size_t size) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t count = ::read(socket, static_cast<char*>(to) + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return true;
}

// The child ends with its parent, ignores Ctrl-C (the parent decides), and dies of an alarm.
void take_on_manners(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) _exit(1);
  ::signal(SIGINT, SIG_IGN);
  for (const int number : {SIGTERM, SIGALRM, SIGPIPE}) ::signal(number, SIG_DFL);
  sigset_t alarm_only;
  ::sigemptyset(&alarm_only);
  ::sigaddset(&alarm_only, SIGALRM);
  ::sigprocmask(SIG_UNBLOCK, &alarm_only, nullptr);
}

// After an exception the child's kernel is in an unknown state: it says what happened and goes; another child takes
// over.
[[noreturn]] void work(int socket, const ReplicateEntry& replicate, unsigned patience_s) {
  try {
    for (Chunk chunk; read_all(socket, &chunk, sizeof chunk);) {
      send(socket, Message::begun, {});
      for (std::uint64_t index = chunk.next; index < chunk.end; ++index) {
        ::alarm(patience_s);
        const simulation::Outcome outcome = replicate(chunk.entry, index);
        ::alarm(0);
        send(socket, Message::outcome, bytes_of(outcome));
      }
    }
    _exit(0);
  } catch (const quantity::ContractError& error) {
    send(socket, Message::defect, error.what());
  } catch (const std::bad_alloc&) {
    send(socket, Message::failure, "out of memory");
  } catch (const std::exception& error) {
    send(socket, Message::failure, error.what());
  } catch (...) {
    send(socket, Message::failure, "an exception that is not a std::exception");
  }
  _exit(1);
}

std::string ending_of(int status, unsigned patience_s) {
  if (WIFEXITED(status)) return "its process ended with status " + std::to_string(WEXITSTATUS(status));
  const int number = WTERMSIG(status);
  if (number == SIGALRM) return "took longer than " + std::to_string(patience_s) + " s";
  const char* name = ::sigabbrev_np(number);
  return "its process was ended by signal " + std::to_string(number) + (name ? " (SIG" + std::string{name} + ")" : "");
}

}  // namespace

Worker::Worker(const ReplicateEntry& replicate, unsigned patience_s) : patience_s_{patience_s} {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw quantity::IoError{std::string{"no socket for a worker: "} + ::strerrordesc_np(errno)};
  const pid_t parent = ::getpid();
  process_ = ::fork();
  if (process_ < 0) {
    const int error = errno;
    ::close(ends[0]);
    ::close(ends[1]);
    throw quantity::IoError{std::string{"no process for a worker: "} + ::strerrordesc_np(error)};
  }
  if (process_ == 0) {
    ::close(ends[0]);
    take_on_manners(parent);
    work(ends[1], replicate, patience_s);
  }
  // Closed at once: later children would inherit it, and the end of this one could not be seen.
  ::close(ends[1]);
  socket_ = ends[0];
}

void Worker::give(Chunk chunk) {
  quantity::require(is_idle(), "a worker finishes what it was given first");
  rest_ = chunk;
  has_begun_ = given_ == 0;  // a child that does not even begin its first is not replaced for ever
  given_ += chunk.end - chunk.next;
  // Fails when the child has gone, which is found out when it is read from.
  ssize_t sent = 0;
  do {
    sent = ::send(socket_, &chunk, sizeof chunk, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
}

Worker::~Worker() {
  if (process_ > 0) {
    if (is_idle()) {
      // It leaves by itself, as profilers want it to, unless somebody has stopped it.
      ::shutdown(socket_, SHUT_WR);
      pollfd gone{.fd = socket_, .events = POLLIN, .revents = 0};
      ::poll(&gone, 1, leave_ms);
    }
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (socket_ >= 0) ::close(socket_);
}

bool Worker::read(std::vector<simulation::Outcome>& outcomes) {
  std::array<char, 65536> buffer;
  const ssize_t count = ::read(socket_, buffer.data(), buffer.size());
  if (count < 0 && errno == EINTR) return true;
  if (count > 0) {
    unread_.append(buffer.data(), static_cast<std::size_t>(count));
    take_messages(outcomes);
    return true;
  }
  bury();
  return false;
}

void Worker::take_messages(std::vector<simulation::Outcome>& outcomes) {
  std::size_t taken = 0;
  MessageHead head{};
  while (unread_.size() - taken >= sizeof head) {
    std::memcpy(&head, unread_.data() + taken, sizeof head);
    if (unread_.size() - taken - sizeof head < head.size) break;
    const std::string_view body = std::string_view{unread_}.substr(taken + sizeof head, head.size);
    taken += sizeof head + head.size;
    if (head.kind == Message::begun) {
      has_begun_ = true;
      continue;
    }
    if (head.kind != Message::outcome) {
      died_ = Died{.index = rest_.next, .error = std::string{body}, .is_defect = head.kind == Message::defect};
      continue;
    }
    auto outcome = outcome_of(body);
    quantity::require(outcome && outcome->index == rest_.next, "a worker hands back the replication it was asked for");
    outcomes.push_back(std::move(*outcome));
    ++rest_.next;
  }
  unread_.erase(0, taken);
}

void Worker::bury() {
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  if (!died_ && has_begun_ && rest_.next < rest_.end)
    died_ = Died{.index = rest_.next, .error = ending_of(status, patience_s_), .is_defect = false};
}

}  // namespace knockon::study
