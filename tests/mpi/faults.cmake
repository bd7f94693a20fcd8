# A run of several ranks that a callback stops, an exception ends or a death: the job ends soon and says who, and goes on with
# another number of ranks to the bits of one process.
#
#   cmake -DMPIRUN=<mpirun> -DPROGRAM=<lamina_test_mpi> -DSCRATCH=<folder> -P faults.cmake
cmake_minimum_required(VERSION 3.23)

# try(<ranks> <case> <whether it succeeds> <what it says>)
function(try ranks case succeeds says)
  execute_process(COMMAND "${MPIRUN}" -np ${ranks} "${PROGRAM}" "${case}" "${SCRATCH}" TIMEOUT 60
    RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(code EQUAL 0)
    set(succeeded yes)
  elseif(code MATCHES "timeout")
    set(succeeded "never")
  else()
    set(succeeded no)
  endif()
  if(NOT succeeded STREQUAL succeeds OR NOT output MATCHES "${says}")
    message(FATAL_ERROR "${case}, ${ranks} ranks: expected success: ${succeeds}, and \"${says}\" but got ${code} and\n${output}")
  endif()
endfunction()

foreach(ranks_then IN ITEMS 2 1 3)
  file(REMOVE_RECURSE "${SCRATCH}")
  try(3 "run and stop" yes "passed with 3 ranks")
  try(${ranks_then} "run to the end" yes "passed with ${ranks_then} ranks")
endforeach()
file(REMOVE_RECURSE "${SCRATCH}")
try(3 "run and throw" no "rank 1 has had enough.*lamina: rank 1 of 3, process [0-9]+ on .*, ended with an exception")
try(2 "run to the end" yes "passed with 2 ranks")
file(REMOVE_RECURSE "${SCRATCH}")
try(3 "run and die" no "1 is process [0-9]+ on .*([Kk]illed|KILLED)")
try(4 "run to the end" yes "passed with 4 ranks")
file(REMOVE_RECURSE "${SCRATCH}")
