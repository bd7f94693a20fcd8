# What the tests of the examples are written in. PROGRAM is the program's file.

# Runs it; out and err are what it printed.
function(call expected)
  cmake_path(GET PROGRAM FILENAME name)
  execute_process(COMMAND "${PROGRAM}" ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE out ERROR_VARIABLE err)
  message("${out}${err}")
  if(NOT result EQUAL expected)
    message(FATAL_ERROR "${name} ${ARGN}: expected exit code ${expected} but got ${result}")
  endif()
  set(out "${out}" PARENT_SCOPE)
  set(err "${err}" PARENT_SCOPE)
  set(result "${result}" PARENT_SCOPE)
endfunction()
function(expect_match text pattern)
  if(NOT "${text}" MATCHES "${pattern}")
    message(FATAL_ERROR "expected '${pattern}' in:\n${text}")
  endif()
endfunction()
