#include "tools/command_line/streams.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "engine/quantity/contract.hpp"

namespace knockon::command_line {
namespace {

using quantity::IoError;

std::string reason(int error) { return std::strerror(error); }

// The error number, or none when all was written.
std::optional<int> write_error(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return std::nullopt;
}

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& target) : target_{target} {
    const std::size_t slash = target.rfind('/');
    const std::size_t name = slash == std::string::npos ? 0 : slash + 1;
    path_ = target.substr(0, name) + "." + target.substr(name) + ".XXXXXX";
    file_ = ::mkostemp(path_.data(), O_CLOEXEC);
    if (file_ < 0) throw IoError{target + ": cannot be written: " + reason(errno)};
  }
  ~TemporaryFile() {
    if (file_ >= 0) ::close(file_);
    if (!is_renamed_) ::unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void fill(std::string_view text) {
    if (const auto error = write_error(file_, text)) fail(*error);
    if (::fsync(file_) != 0) fail(errno);
    // mkostemp makes files for their owner alone; give the usual rights instead.
    const mode_t hidden = ::umask(0);
    ::umask(hidden);
    if (::fchmod(file_, 0666 & ~hidden) != 0) fail(errno);
    if (::close(std::exchange(file_, -1)) != 0) fail(errno);
  }

  // False when there is a target already.
  [[nodiscard]] bool become_new_target() {
    // Unlike rename, link never replaces anything.
    if (::link(path_.c_str(), target_.c_str()) == 0) return true;
    if (errno != EEXIST) fail(errno);
    return false;
  }

  void become_target() {
    if (::rename(path_.c_str(), target_.c_str()) != 0) fail(errno);
    is_renamed_ = true;
  }

 private:
  [[noreturn]] void fail(int error) { throw IoError{target_ + ": cannot be written: " + reason(error)}; }

  std::string target_, path_;
  int file_ = -1;
  bool is_renamed_ = false;
};

void write_in_place(const std::string& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) throw IoError{path + ": cannot be written: " + reason(errno)};
  const auto error = write_error(file, text);
  ::close(file);
  if (error && *error != EPIPE) throw IoError{path + ": cannot be written: " + reason(*error)};
}

}  // namespace

void print(std::string_view text) {
  const auto error = write_error(STDOUT_FILENO, text);
  if (error && *error != EPIPE) throw IoError{"standard output: cannot be written: " + reason(*error)};
}

void complain(std::string_view text) { say("knockon: " + std::string{text} + "\n"); }

void say(std::string_view text) {
  // There is nowhere left to say that this failed.
  (void)write_error(STDERR_FILENO, text);
}

void write_file(const std::string& path, std::string_view text) {
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) throw IoError{path + ": cannot be written: it is a folder"};
  if (exists && !S_ISREG(status.st_mode)) return write_in_place(path, text);
  // Through a link, so that the link stays and what it points to is replaced.
  std::error_code ignored;
  const std::string target = exists ? std::filesystem::canonical(path, ignored).string() : path;
  TemporaryFile file{target.empty() ? path : target};
  file.fill(text);
  file.become_target();
}

bool write_new_file(const std::string& path, std::string_view text) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) return false;
  TemporaryFile file{path};
  file.fill(text);
  return file.become_new_target();
}

void make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw IoError{path + ": cannot be made: " + error.message()};
}

bool standard_output_is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }
bool standard_error_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

}  // namespace knockon::command_line
