# What the program prints, README.md shows, block by block.
#   cmake -DPROGRAM=<by_hand> -P test.cmake
include("${CMAKE_CURRENT_LIST_DIR}/../program_test.cmake")
call(0)
file(READ "${CMAKE_CURRENT_LIST_DIR}/README.md" readme)
string(REPLACE "\n\n" "\n;" blocks "${out}")
foreach(block IN LISTS blocks)
  string(FIND "${readme}" "\n${block}" place)
  if(place LESS 0)
    message(FATAL_ERROR "README.md has no such block:\n${block}")
  endif()
endforeach()
list(LENGTH blocks count)
if(count LESS 40)
  message(FATAL_ERROR "expected at least 40 blocks but got ${count}")
endif()

# An error is one line, and the exit code 1.
set(ENV{LAMINA_ISA} none)
call(1)
expect_match("${err}" "^by_hand: LAMINA_ISA: expects one of those this machine can run [^\n]*\n$")
