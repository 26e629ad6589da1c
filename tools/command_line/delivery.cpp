#include "tools/command_line/delivery.hpp"

#include "engine/quantity/contract.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {

void Delivery::attempt(const std::function<void()>& deliver) {
  try {
    deliver();
  } catch (const quantity::IoError& error) {
    complain(error.what());
    status_ = ExitStatus::world_failed;
  }
}

}  // namespace knockon::command_line
