#include "tools/command_line/delivery.hpp"

#include "engine/quantity/contract.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {

void Delivery::write(const std::optional<std::string>& where, const Text& text) {
  if (!where) return;
  const bool is_stream = *where == "-";
  is_taken_ = is_taken_ || is_stream;
  attempt([&] { is_stream ? print(text()) : write_file(*where, text()); });
}

void Delivery::show(const Text& text) {
  if (!is_taken_) attempt([&] { print(text()); });
}

void Delivery::draw(const std::optional<std::string>& folder,
                    const std::function<std::vector<report::Picture>()>& pictures) {
  if (!folder) return;
  attempt([&] {
    make_folder(*folder);
    for (const report::Picture& picture : pictures()) write_file(*folder + "/" + picture.file, picture.svg);
  });
}

void Delivery::attempt(const std::function<void()>& deliver) {
  try {
    deliver();
  } catch (const quantity::IoError& error) {
    complain(error.what());
    status_ = ExitStatus::world_failed;
  }
}

}  // namespace knockon::command_line
