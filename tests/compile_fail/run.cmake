# A case must not compile, and its `// expect: <text>` must be in what the compiler says; with CONTROL defined the same
# file, with its mistake put right, must compile. Where the mistake is a flag, it stands in a line `// flag: <flag>`.
#
#   cmake -DCASE=<file> -DCOMPILER=<c++> -DFLAGS=<list> -DINCLUDES=<list> -P tests/compile_fail/run.cmake
cmake_minimum_required(VERSION 3.23)

list(TRANSFORM INCLUDES PREPEND -isystem)
set(command "${COMPILER}" -std=c++20 ${FLAGS} ${INCLUDES} -fsyntax-only "${CASE}")

file(STRINGS "${CASE}" expectation REGEX "^// expect: ")
if(NOT expectation MATCHES "^// expect: (.+)$")
  message(FATAL_ERROR "${CASE}: has no line `// expect: <text>`")
endif()
set(expected "${CMAKE_MATCH_1}")

execute_process(COMMAND ${command} -DCONTROL RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "the control does not compile:\n${output}")
endif()

file(STRINGS "${CASE}" flag REGEX "^// flag: ")
string(REPLACE "// flag: " "" flag "${flag}")
execute_process(COMMAND ${command} ${flag} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(code EQUAL 0)
  message(FATAL_ERROR "it compiles, but should not")
endif()
string(FIND "${output}" "${expected}" place)
if(place EQUAL -1)
  message(FATAL_ERROR "expected \"${expected}\" but the compiler says:\n${output}")
endif()
