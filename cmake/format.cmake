# `format_check` fails on a file that clang-format would change; `format` changes it.
find_program(CLANG_FORMAT clang-format)
if(CLANG_FORMAT)
  file(GLOB_RECURSE formatted_sources CONFIGURE_DEPENDS
       ${PROJECT_SOURCE_DIR}/engine/*.[ch]pp ${PROJECT_SOURCE_DIR}/tools/*.[ch]pp ${PROJECT_SOURCE_DIR}/tests/*.[ch]pp)
  add_custom_target(format_check COMMAND ${CLANG_FORMAT} --dry-run --Werror ${formatted_sources} VERBATIM)
  add_custom_target(format COMMAND ${CLANG_FORMAT} -i ${formatted_sources} VERBATIM)
endif()
