# sh examples/mnist.sh answers --help and mistyped options word for word as the program does, and before it installs,
# fetches, configures or builds anything.
#   cmake -DPROGRAM=<mnist> -P mnist_options.cmake
include("${CMAKE_CURRENT_LIST_DIR}/../program_test.cmake")
cmake_path(SET script NORMALIZE "${CMAKE_CURRENT_LIST_DIR}/../mnist.sh")

# Stand-ins for what the script would install, fetch, configure and build with.
set(tools "${CMAKE_CURRENT_BINARY_DIR}/tools-that-must-not-run")
file(REMOVE_RECURSE "${tools}")
foreach(tool IN ITEMS apt-get sudo cmake make ninja g++ c++)
  file(WRITE "${tools}/${tool}" "#!/bin/sh\necho \"mnist.sh called ${tool} $*\"\nexit 9\n")
  file(CHMOD "${tools}/${tool}" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
endforeach()
set(path "${tools}:$ENV{PATH}")

# Both are asked; both have to answer the same.
function(compare expected)
  call(${expected} ${ARGN})
  execute_process(COMMAND "${CMAKE_COMMAND}" -E env "PATH=${path}" sh "${script}" ${ARGN}
    RESULT_VARIABLE script_result OUTPUT_VARIABLE script_out ERROR_VARIABLE script_err)
  if(NOT script_result EQUAL result OR NOT script_out STREQUAL out OR NOT script_err STREQUAL err)
    message(FATAL_ERROR "mnist.sh ${ARGN}: expected ${expected} and the program's words but got ${script_result}:\n${script_out}${script_err}")
  endif()
  set(out "${out}" PARENT_SCOPE)
  set(err "${err}" PARENT_SCOPE)
endfunction()
compare(0 --help)
expect_match("${out}" "--epochs N .*--help  +show this")
compare(0 -h)
compare(0 --epochs 3 --fast --save=x --help)
compare(2 --epoch 3)
expect_match("${err}" "'--epoch' is not an option; is it --epochs\\?")
compare(2 --fast --lerning-rat=0.1)
compare(2 --nothing-like-it)
compare(2 -x)
compare(2 digits.png)
compare(2 --fast=yes)
compare(2 --epochs)
compare(2 --epochs 3 --save)

# Every option that the program lists is known to the script, with its value.
call(0 --help)
string(REGEX MATCHALL "\n  --[a-z-]+ [A-Z]+ " lines "${out}")
list(LENGTH lines count)
if(count LESS 10)
  message(FATAL_ERROR "expected more options with a value than ${count} in:\n${out}")
endif()
foreach(line IN LISTS lines)
  string(REGEX MATCH "--[a-z-]+" option "${line}")
  compare(2 ${option})
  compare(0 ${option} 1 --help)
endforeach()

# With nothing to answer it begins, and here comes to the first stand-in.
execute_process(COMMAND "${CMAKE_COMMAND}" -E env "PATH=${path}" sh "${script}" --data . --epochs 1
  OUTPUT_VARIABLE script_out ERROR_VARIABLE script_out RESULT_VARIABLE script_result)
if(script_result EQUAL 0)
  message(FATAL_ERROR "expected that it calls a stand-in but got:\n${script_out}")
endif()
file(REMOVE_RECURSE "${tools}")
