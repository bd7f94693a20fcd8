# In seconds, on digits that it draws: two networks of one epoch each, then one that is judged by what it holds out.
#   cmake -DPROGRAM=<best_mnist> -P test.cmake
file(REMOVE best.safetensors best-2.safetensors)

include("${CMAKE_CURRENT_LIST_DIR}/../program_test.cmake")

call(0 --epochs 1 --train-limit 640 --members 1 --save best.safetensors)
expect_match("${out}" "training on digits that lamina draws instead")
expect_match("${out}" "Training images: 640, turned")
expect_match("${out}" "network 1 of 2, 1 epoch\n.*the one network: trained for [0-9.]+ s .*network 2 of 2, 1 epoch\n.*joins? it: trained for")
expect_match("${out}" "\ntest accuracy [01]\\.[0-9]+, one network \\(drawn digits\\)\ntest accuracy [01]\\.[0-9]+, an ensemble of 2 \\(drawn digits\\)\n$")
foreach(file best.safetensors best-2.safetensors)
  if(NOT EXISTS ${file})
    message(FATAL_ERROR "expected a file ${file}")
  endif()
endforeach()

call(0 --validate --epochs 1 --train-limit 320 --members 0)
expect_match("${out}" "accuracy 0\\.[0-9]+ \\([0-9,]+ of 3,333\\).*\nvalidation accuracy 0\\.[0-9]+, one network \\(drawn digits\\)\n$")
if(out MATCHES "test accuracy" OR out MATCHES "ensemble of")
  message(FATAL_ERROR "expected neither the test set nor an ensemble in:\n${out}")
endif()

call(1 --data missing)
expect_match("${err}" "missing")
call(2 --member 1)
expect_match("${err}" "is it --members")
call(2 --members -1)
expect_match("${err}" "--members expects a whole number of at least 0")
call(2 --epochs 0)
expect_match("${err}" "--epochs expects a whole number of at least 1")
call(2 --save missing/best.safetensors)
expect_match("${err}" "expects a file in a folder that exists")
