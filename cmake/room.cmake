# knockon_room(NAME USES rooms…): a static library of every source in engine/NAME, compiled under the house's rules.
function(knockon_compile_options target)
  # No contraction into fused operations: the same source must give the same bits in every build.
  target_compile_options(${target} PRIVATE -ffp-contract=off)
  # Four numbers side by side are handed over in memory where the processor has no place for them; all is built alike.
  target_compile_options(${target} PRIVATE -Wno-psabi)
  if(KNOCKON_AVX2)
    target_compile_options(${target} PRIVATE -mavx2 -mbmi -mbmi2)
  endif()
  if(KNOCKON_DEVELOPER)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Werror)
    # Structs give their members defaults so that a designated initialiser can name only what differs.
    target_compile_options(${target} PRIVATE -Wno-missing-field-initializers)
    # g++ 12 sees overlapping copies in every `"text" + std::string` it inlines (GCC bug 105651).
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
  endif()
  if(KNOCKON_SANITIZE)
    # The first level of optimisation: under sanitizers the second takes half as long again to compile.
    target_compile_options(${target} PRIVATE -fsanitize=address,undefined -fno-sanitize-recover=all -O1 -g1)
    # The sanitizers' own checks look to g++ like paths on which things stay uninitialised.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    target_link_options(${target} PRIVATE -fsanitize=address,undefined)
  endif()
  if(KNOCKON_FUZZ)
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -O1 -g1)
    target_link_options(${target} PRIVATE -fsanitize=address,undefined)
  endif()
endfunction()

function(knockon_room name)
  cmake_parse_arguments(room "" "" "USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/engine/${name}/*.cpp)
  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/engine/${name}/*.hpp)
  set(target knockon_${name})
  if(NOT sources)  # A room of headers alone is a room all the same: the linker wants one object file.
    set(sources ${PROJECT_BINARY_DIR}/engine/${name}_room.cpp)
    file(CONFIGURE OUTPUT ${sources} CONTENT "// Nothing to compile in this room.\n")
  endif()
  add_library(${target} STATIC ${sources})
  # A header that its own source includes before anything else has been compiled alone; the others are, to check them.
  set(others "")
  foreach(header IN LISTS headers)
    cmake_path(REPLACE_EXTENSION header LAST_ONLY cpp OUTPUT_VARIABLE own_source)
    cmake_path(RELATIVE_PATH header BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE spelling)
    set(first_include "")
    if(EXISTS ${own_source})
      file(STRINGS ${own_source} first_include REGEX "^#include " LIMIT_COUNT 1)
    endif()
    if(NOT first_include STREQUAL "#include \"${spelling}\"")
      list(APPEND others ${header})
    endif()
  endforeach()
  if(others)
    list(REMOVE_ITEM headers ${others})
  endif()
  target_sources(${target} PUBLIC
    FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers}
    FILE_SET others TYPE HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${others})
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX VERIFY_INTERFACE_HEADER_SETS ${KNOCKON_DEVELOPER}
                                             INTERFACE_HEADER_SETS_TO_VERIFY others)
  knockon_compile_options(${target})
  foreach(used IN LISTS room_USES)
    target_link_libraries(${target} PUBLIC knockon_${used})
  endforeach()
endfunction()
