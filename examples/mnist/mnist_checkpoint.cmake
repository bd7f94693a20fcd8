# Stops a run with SIGTERM and another with SIGKILL, lets both go on, and compares what was trained with what a run comes
# to that nothing interrupts.
#   cmake -DPROGRAM=<mnist> -P mnist_checkpoint.cmake
include("${CMAKE_CURRENT_LIST_DIR}/../program_test.cmake")

set(arguments --epochs 20 --train-limit 3200)
file(REMOVE_RECURSE runs whole.safetensors TERM.safetensors KILL.safetensors)
call(0 ${arguments} --save whole.safetensors)

# Ends the program by a signal as soon as it trains: the folder's file is written before the first batch.
function(interrupt signal)
  execute_process(RESULT_VARIABLE result OUTPUT_VARIABLE out ERROR_VARIABLE err
    COMMAND sh -c "signal=$1; folder=$2; shift 2
      \"$@\" --checkpoint \"$folder\" & process=$!
      while ! [ -e \"$folder/run.safetensors\" ] && kill -0 $process; do sleep 0.05; done
      sleep 0.1; kill -$signal $process; wait $process" sh ${signal} runs/${signal} "${PROGRAM}" ${arguments} ${ARGN})
  message("${out}${err}")
  set(out "${out}" PARENT_SCOPE)
  set(result "${result}" PARENT_SCOPE)
endfunction()

interrupt(TERM --threads 2)
expect_match("${out}" "stopped after .*; the same command goes on from here.*test accuracy")
if(NOT result EQUAL 0)
  message(FATAL_ERROR "expected a clean end but got ${result}")
endif()
interrupt(KILL --threads 2)
if(result EQUAL 0)
  message(FATAL_ERROR "expected a run that was killed")
endif()

foreach(signal IN ITEMS TERM KILL)
  call(0 ${arguments} --checkpoint runs/${signal} --save ${signal}.safetensors --threads 1)
  expect_match("${out}" "the run in runs/${signal} goes on in epoch [0-9]+ of 20, after [0-9]+ of 50 batches")
  execute_process(COMMAND "${CMAKE_COMMAND}" -E compare_files whole.safetensors ${signal}.safetensors RESULT_VARIABLE differ)
  if(differ)
    message(FATAL_ERROR "the run that ${signal} interrupted came to other parameters")
  endif()
  call(0 ${arguments} --checkpoint runs/${signal})
  expect_match("${out}" "the run in runs/${signal} has ended; give another folder to train anew")
endforeach()

call(1 --epochs 10 --train-limit 3200 --checkpoint runs/TERM)
expect_match("${err}" "mnist: runs/TERM/run.safetensors: is of another run: epochs is 20 there and 10 here")
call(1 ${arguments} --checkpoint whole.safetensors)
expect_match("${err}" "whole.safetensors: cannot be made a folder")
