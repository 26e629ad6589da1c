// The two standard streams and files: results on standard output, everything else on standard error, files whole or not
// at all.
#pragma once

#include <string>
#include <string_view>

namespace knockon::command_line {

// Writes results to standard output. Quiet when nobody reads them any more (`| head`); throws IoError on a full disk.
void print(std::string_view text);

// Writes "knockon: …" to standard error.
void complain(std::string_view text);

// Writes to standard error as it is.
void say(std::string_view text);

// Under a temporary name first, then renamed: whatever fails, the old file is left as it was. What is no regular file
// (a pipe, a device) is written to as it is. Throws IoError.
void write_file(const std::string& path, std::string_view text);

// The same for a file that must not be there yet: false, and nothing written, when it is.
[[nodiscard]] bool write_new_file(const std::string& path, std::string_view text);

// Makes the folder, and those above it, unless it is there. Throws IoError.
void make_folder(const std::string& path);

[[nodiscard]] bool standard_output_is_terminal();
[[nodiscard]] bool standard_error_is_terminal();

}  // namespace knockon::command_line
