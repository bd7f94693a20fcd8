# A case must not compile, and what the compiler says must name the mistake; with CONTROL defined the same file, with its
# mistake put right, must compile. A case says in lines of its own
#
#   // first: <regex>     what the first line that has the word "error" says
#   // expect: <text>     what stands anywhere in what the compiler says
#   // flag: <flag>       the flag that is the mistake
#   // lines: <number>    how many lines it may take where that is more than usual: std::apply shows its own
#
# and has at least one of the first two. g++ says it in at most 25 lines, clang++, which shows the code of each step, in 40.
#
#   cmake -DCASE=<file> -DCOMPILER=<c++> [-DPRECOMPILED=<header>] -DINCLUDES=<list> -P tests/compile_fail/run.cmake
cmake_minimum_required(VERSION 3.23)

list(TRANSFORM INCLUDES PREPEND -isystem)
execute_process(COMMAND "${COMPILER}" --version OUTPUT_VARIABLE version)
set(most_lines 25)
set(precompiled "")
if(version MATCHES "clang")
  set(most_lines 40)
  if(PRECOMPILED)
    set(precompiled -include-pch "${PRECOMPILED}.pch")
  endif()
elseif(PRECOMPILED)
  set(precompiled -include "${PRECOMPILED}")
endif()

file(STRINGS "${CASE}" first REGEX "^// first: ")
string(REPLACE "// first: " "" first "${first}")
file(STRINGS "${CASE}" expected REGEX "^// expect: ")
string(REPLACE "// expect: " "" expected "${expected}")
file(STRINGS "${CASE}" flag REGEX "^// flag: ")
string(REPLACE "// flag: " "" flag "${flag}")
file(STRINGS "${CASE}" own_lines REGEX "^// lines: ")
if(own_lines)
  string(REPLACE "// lines: " "" most_lines "${own_lines}")
endif()
if(NOT first AND NOT expected)
  message(FATAL_ERROR "${CASE}: has no line `// first: <regex>` and none `// expect: <text>`")
endif()
if(flag)
  set(precompiled "")
endif()
set(command "${CMAKE_COMMAND}" -E env LC_ALL=C.UTF-8 "${COMPILER}" -std=c++20 ${precompiled} ${INCLUDES} -fsyntax-only "${CASE}")

execute_process(COMMAND ${command} -DCONTROL RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "the control does not compile:\n${output}")
endif()
execute_process(COMMAND ${command} ${flag} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(code EQUAL 0)
  message(FATAL_ERROR "it compiles, but should not")
endif()

string(REGEX MATCH "[^\n]*error[ :][^\n]*" error "${output}")
if(first AND NOT error MATCHES "${first}")
  message(FATAL_ERROR "expected a first error \"${first}\" but got\n${error}\nof\n${output}")
endif()
string(FIND "${output}" "${expected}" place)
if(place EQUAL -1)
  message(FATAL_ERROR "expected \"${expected}\" but the compiler says:\n${output}")
endif()
string(REGEX MATCHALL "\n" lines "${output}")
list(LENGTH lines lines)
if(lines GREATER most_lines)
  message(FATAL_ERROR "expected at most ${most_lines} lines but the compiler says ${lines}:\n${output}")
endif()
message(STATUS "${lines} lines: ${error}")
