# cmake -D text=FILE -D header=PATH -D function=NAME -D namespace=NAME -D source=FILE -P embed.cmake
# Writes a source whose function answers with the text of the file, as a view of it.
file(READ ${text} content)
if(content MATCHES "\\)embedded\"")
  message(FATAL_ERROR "${text} holds the sign that ends it in the source")
endif()
file(WRITE ${source} "// Made from a built page by cmake/embed.cmake.
#include \"${header}\"

namespace ${namespace} {
namespace {

constexpr char text[] = R\"embedded(")
file(APPEND ${source} "${content}")
file(APPEND ${source} ")embedded\";

}  // namespace

std::string_view ${function}() { return {text, sizeof text - 1}; }

}  // namespace ${namespace}
")
