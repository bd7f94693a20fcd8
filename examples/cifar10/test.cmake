# Trains on a few pictures: on binary files that are made here, and on folders of digits that another example drew.
#   LAMINA_TEST_DIGITS=<folder with a folder of PNGs for each class> cmake -DPROGRAM=<cifar10> -P test.cmake
include("${CMAKE_CURRENT_LIST_DIR}/../program_test.cmake")

call(2)
expect_match("${err}" "cifar10: expects --data DIR, a folder with CIFAR-10: the binary version's data_batch_1.bin")
call(2 --data . --cutmix 2)
expect_match("${err}" "--cutmix expects a number of 0 … 1 but got 2")
call(1 --data nowhere)
expect_match("${err}" "cifar10: nowhere has no data_batch_1.bin; expects data_batch_1.bin … data_batch_5.bin and test_batch.bin")

# Each file has ten records of one colour: a label and 3072 equal bytes.
file(REMOVE_RECURSE binary ruined folders runs)
file(MAKE_DIRECTORY binary folders)
execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND sh -c "
  for label in 0 1 2 3 4 5 6 7; do
    printf \"\\\\00$label\"
    head -c 3072 /dev/zero | tr '\\000' $label
  done > binary/test_batch.bin
  for i in 1 2 3 4 5; do cp binary/test_batch.bin binary/data_batch_$i.bin; done")
call(0 --data binary --epochs 1 --cutmix 0.5 --checkpoint runs/a --save binary.safetensors)
expect_match("${out}" "269,722 parameters.*Training pictures: 40, .*trained for .*model saved to binary.safetensors.*test accuracy [01]\\.[0-9][0-9][0-9][0-9]\n$")
file(COPY binary/ DESTINATION ruined)
file(WRITE ruined/data_batch_3.bin "no records")
call(1 --data ruined)
expect_match("${err}" "ruined/data_batch_3.bin: expects records of 3073 bytes")

set(digits "$ENV{LAMINA_TEST_DIGITS}")
file(CREATE_LINK "${digits}" folders/train SYMBOLIC)
file(CREATE_LINK "${digits}" folders/test SYMBOLIC)
call(0 --data folders --fast --validate --train-limit 256 --batch-size 32 --report report.html)
expect_match("${out}" "report written to report.html.*validation accuracy 0\\.")
if(NOT EXISTS report.html)
  message(FATAL_ERROR "expected a report")
endif()
