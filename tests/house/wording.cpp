#include "tests/house/wording.hpp"

#include <algorithm>
#include <iterator>

namespace knockon::house {
namespace {

struct Banned {
  std::string_view word;
  std::string_view exempt;  // the folder that may use it; empty for none
  std::string_view instead;
};
constexpr std::string_view use_stream = "draw from random::Stream";
constexpr std::string_view no_clock = "no clock may reach a result";
constexpr std::string_view no_locale = "the locale of a machine may not reach a result";
constexpr Banned banned_in_engine[] = {
    {"std::uniform_", "", use_stream},
    {"std::normal_", "", use_stream},
    {"std::lognormal_", "", use_stream},
    {"std::exponential_", "", use_stream},
    {"std::bernoulli_", "", use_stream},
    {"std::binomial_", "", use_stream},
    {"std::poisson_", "", use_stream},
    {"std::geometric_", "", use_stream},
    {"std::gamma_", "", use_stream},
    {"std::weibull_", "", use_stream},
    {"std::discrete_", "", use_stream},
    {"std::piecewise_", "", use_stream},
    {"std::shuffle", "", use_stream},
    {"std::sample", "", use_stream},
    {"std::random_device", "", use_stream},
    {"std::mt19937", "", use_stream},
    {"std::default_random_engine", "", use_stream},
    {"rand(", "", use_stream},
    {"srand(", "", use_stream},
    {"system_clock", "", no_clock},
    {"high_resolution_clock", "", no_clock},
    // The study measures how long it takes, for the progress bar; replications must not.
    {"steady_clock", "engine/study/", no_clock},
    {"gettimeofday", "", no_clock},
    {"clock_gettime", "", no_clock},
    {"__DATE__", "", no_clock},
    {"__TIME__", "", no_clock},
    {"getenv", "", "the environment is the command line's business"},
    {"setlocale", "", no_locale},
    {"std::locale", "", no_locale},
    {"std::this_thread", "", "no thread may reach a result"},
    {"std::hash<", "", "the standard's hashes differ between libraries: use random::hash_of"},
};
constexpr std::string_view unordered[] = {"std::unordered_", "tsl::robin_"};

bool is_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool has_word(std::string_view line, std::string_view word) {
  for (std::size_t at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const bool begins = at == 0 || !is_identifier(line[at - 1]);
    const std::size_t end = at + word.size();
    const bool ends =
        !is_identifier(word.back()) || word.back() == '_' || end == line.size() || !is_identifier(line[end]);
    if (begins && ends) return true;
  }
  return false;
}

// The line without its `//` comment; `://` is an address in a text.
std::string_view code_of(std::string_view line) {
  std::size_t at = line.find("//");
  while (at != std::string_view::npos && at > 0 && line[at - 1] == ':') at = line.find("//", at + 2);
  return line.substr(0, at);
}

std::string_view comment_of(std::string_view line) { return line.substr(code_of(line).size()); }

// Calls `check(file, line index, line, line above)` for each line.
template <class Check>
void for_each_line(const std::vector<SourceFile>& files, Check check) {
  for (const auto& file : files) {
    const auto lines = lines_of(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      check(file, i, std::string_view{lines[i]}, i == 0 ? std::string_view{} : std::string_view{lines[i - 1]});
    }
  }
}

bool names_unordered(std::string_view code) {
  return std::any_of(std::begin(unordered), std::end(unordered),
                     [&](std::string_view type) { return code.find(type) != std::string_view::npos; });
}

}  // namespace

std::vector<std::string> determinism_faults(const std::vector<SourceFile>& files) {
  std::vector<std::string> faults;
  for_each_line(files, [&](const SourceFile& file, std::size_t i, std::string_view line, std::string_view above) {
    if (!file.is_in("engine/") || !file.is_cpp()) return;
    const std::string_view code = code_of(line);
    for (const auto& [word, exempt, instead] : banned_in_engine) {
      if (!has_word(code, word) || (!exempt.empty() && file.is_in(exempt))) continue;
      faults.push_back(fault_at(file, i, "`" + std::string{word} + "`: " + std::string{instead}));
    }
    // A reason is a comment on the line or above it that speaks of the order.
    const bool has_reason = comment_of(line).find("order") != std::string_view::npos ||
                            comment_of(above).find("order") != std::string_view::npos;
    if (names_unordered(code) && !has_reason) {
      faults.push_back(
          fault_at(file, i, "an unordered container without a comment on why its order reaches no result"));
    }
    const bool swallows = code.find("catch (...)") != std::string_view::npos;
    if (swallows && file.is_in("engine/simulation/")) {
      faults.push_back(fault_at(file, i, "the kernel ends actors with an exception that must pass"));
    }
  });
  return faults;
}

std::vector<std::string> unfinished_faults(const std::vector<SourceFile>& files) {
  std::vector<std::string> faults;
  for_each_line(files, [&](const SourceFile& file, std::size_t i, std::string_view line, std::string_view) {
    // Spelled in two halves so that this file does not find itself.
    for (const std::string_view mark : {"FIX"
                                        "ME",
                                        "TO"
                                        "DO"}) {
      if (has_word(line, mark)) faults.push_back(fault_at(file, i, "unfinished: do it, or say it in the documents"));
    }
  });
  return faults;
}

std::vector<std::string> machine_path_faults(const std::vector<SourceFile>& files) {
  std::vector<std::string> faults;
  for_each_line(files, [&](const SourceFile& file, std::size_t i, std::string_view line, std::string_view) {
    for (const std::string_view path : {"/wo"
                                        "rk/",
                                        "/ho"
                                        "me/",
                                        "/ro"
                                        "ot/",
                                        "../sha"
                                        "red"}) {
      if (line.find(path) != std::string_view::npos) faults.push_back(fault_at(file, i, "a path of one machine"));
    }
    if (!file.is_document()) return;
    for (const std::string_view path : {"/tmp/",
                                        "sha"
                                        "red/"}) {
      if (line.find(path) != std::string_view::npos) faults.push_back(fault_at(file, i, "a path of one machine"));
    }
  });
  return faults;
}

std::vector<std::string> naming_faults(const std::vector<std::string>& paths) {
  static constexpr std::string_view empty_names[] = {"util",   "utils", "helper", "helpers", "manager",
                                                     "common", "misc",  "base",   "data",    "info"};
  std::vector<std::string> faults;
  for (const auto& path : paths) {
    const std::string name = path.substr(path.rfind('/') + 1);
    const std::string stem = name.substr(0, name.find('.'));
    if (std::find(std::begin(empty_names), std::end(empty_names), stem) == std::end(empty_names)) continue;
    faults.push_back(path + ": a name that says nothing; name the concept");
  }
  return faults;
}

std::vector<std::string> unpictured_folders(std::string_view architecture, const std::vector<std::string>& folders) {
  std::vector<std::string> missing;
  for (const auto& folder : folders) {
    const std::size_t slash = folder.find('/');
    const bool is_shown_place =
        slash == std::string::npos || (folder.find('/', slash + 1) == std::string::npos &&
                                       (folder.starts_with("engine/") || folder.starts_with("tests/")));
    const std::string name = folder.substr(folder.rfind('/') + 1) + "/";
    if (is_shown_place && !has_word(architecture, name)) missing.push_back(folder);
  }
  return missing;
}

}  // namespace knockon::house
