# The whole study in seconds: one epoch, 200 images to train on, first of digits that it draws, then of those it has drawn.
#   cmake -DPROGRAM=<digits_study> -P test.cmake
file(REMOVE_RECURSE study)

include("${CMAKE_CURRENT_LIST_DIR}/../program_test.cmake")

call(0 --work study --epochs 1 --train-limit 200 --sweep-only)
expect_match("${out}" "writing 3,078 digits that lamina draws to")
expect_match("${out}" "3,078 images of 10 classes, \\(28, 28, 1\\) each; 0 skipped")
expect_match("${out}" "split: 200 to train on, 231 to test after each epoch, 231 for validation")
expect_match("${out}" "---- 8 filters.*---- 24 filters, learning rate 0.01, with augmentation.*validation part: accuracy.*confusion matrix")
expect_match("${out}" " 24   0\\.010    0\\.887    0\\.[0-9]+       0\\.[0-9]+ +[0-9.]+    0\\.")
expect_match("${out}" "the 5 runs with augmentation took [0-9.]+ s\nthe 5 runs without augmentation took")
foreach(file study.html augmented/accuracies.svg plain/24-0.01.csv)
  if(NOT EXISTS study/${file})
    message(FATAL_ERROR "expected a file study/${file}")
  endif()
endforeach()
file(STRINGS study/plain/24-0.01.csv running)
list(LENGTH running lines)
if(NOT lines EQUAL 3)  # a heading, and the first and second hundred images
  message(FATAL_ERROR "expected 3 lines but got ${running}")
endif()

call(0 --data study/drawn-digits-42 --work study --epochs 1 --train-limit 200 --best-only --splits 1)
expect_match("${out}" "    1   0\\.[0-9]+   0\\.[0-9]+   0\\.[0-9]+   0\\.[0-9]+   [1-4]      0\\.[0-9]+")
expect_match("${out}" "mean held-out accuracy 0\\.[0-9]+ over 1 split\n")
# One Ctrl-C in the middle (in the foreground timeout sends no second one): what was not trained is not told of.
find_program(timeout timeout)
if(timeout)
  execute_process(COMMAND "${timeout}" --foreground -s INT 8 "${PROGRAM}" --data study/drawn-digits-42 --work study --epochs 100000 --best-only
    OUTPUT_VARIABLE out ERROR_VARIABLE err)
  expect_match("${out}" "split recipe 1 .*\n    1   stopped\ninterrupted: what had not been trained")
  if(out MATCHES "mean held-out" OR out MATCHES "1   0\\.")
    message(FATAL_ERROR "expected no accuracy of what was not trained but got ${out}")
  endif()
endif()
call(1 --data missing --work study)
expect_match("${err}" "missing")
call(2 --epoch 1)
expect_match("${err}" "is it --epochs")
call(2 --epochs 0)
expect_match("${err}" "--epochs expects a whole number of at least 1")
