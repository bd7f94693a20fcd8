# Four processes of one shard each come to the bits of one process, print once, and go on from a checkpoint of three; mistyped
# options and an impossible number of processes are told.
#   cmake -DPROGRAM=<mnist> -DMPIRUN=<mpirun> -P mnist_ranks.cmake
include("${CMAKE_CURRENT_LIST_DIR}/../program_test.cmake")

set(arguments --epochs 2 --train-limit 640)
file(REMOVE_RECURSE runs one.safetensors ranks.safetensors)

# ranks(<number> <expected exit code, or "error"> <argument>...): as call, but by mpirun.
function(ranks count expected)
  execute_process(COMMAND "${MPIRUN}" -np ${count} "${PROGRAM}" ${ARGN} TIMEOUT 120
    RESULT_VARIABLE result OUTPUT_VARIABLE out ERROR_VARIABLE err)
  if((expected STREQUAL "error" AND result EQUAL 0) OR (NOT expected STREQUAL "error" AND NOT result EQUAL expected))
    message(FATAL_ERROR "mpirun -np ${count} mnist ${ARGN}: expected ${expected} but got ${result}:\n${out}${err}")
  endif()
  set(out "${out}" PARENT_SCOPE)
  set(err "${err}" PARENT_SCOPE)
endfunction()

call(0 ${arguments} --save one.safetensors)
ranks(4 0 ${arguments} --save ranks.safetensors)
expect_match("${out}" "4 ranks: 0 is process [0-9]+ on .*in each of 4 processes")
string(REGEX MATCHALL "test accuracy" times "${out}")
list(LENGTH times times)
if(NOT times EQUAL 1)
  message(FATAL_ERROR "expected one test accuracy but got ${times}:\n${out}")
endif()
file(SHA256 one.safetensors one)
file(SHA256 ranks.safetensors four)
if(NOT one STREQUAL four)
  message(FATAL_ERROR "four processes came to other parameters than one")
endif()

ranks(3 0 --epochs 1 --learning-rate 0.05 --train-limit 640 --checkpoint runs/a)
ranks(2 0 --epochs 1 --learning-rate 0.05 --train-limit 640 --checkpoint runs/a)
expect_match("${out}" "the run in runs/a has ended")

ranks(3 error --epoch 1)
expect_match("${err}" "mnist: '--epoch' is not an option; is it --epochs\\?")
ranks(3 error --fast ${arguments})
expect_match("${err}" "mnist: fit: expects a batch to have a shard for each of the 3 ranks, but one of 32 samples has 2")
ranks(3 0 --fast --shards 3 --epochs 1 --train-limit 640)
file(REMOVE_RECURSE runs one.safetensors ranks.safetensors)
