# Trains on drawn digits, then classifies three files that are images, one that is none and one that is not there.
#   LAMINA_TEST_DIGITS=<folder with a folder of PNGs for each class> cmake -DPROGRAM=<own_images> -P test.cmake
set(digits "$ENV{LAMINA_TEST_DIGITS}")
foreach(digit 0 1 7)
  file(GLOB pictures "${digits}/${digit}/*.png")
  list(GET pictures 0 picture)
  file(COPY_FILE "${picture}" ${digit}.png)
endforeach()
file(WRITE broken.png "no picture")
file(REMOVE own_images.safetensors own_images.html)

include("${CMAKE_CURRENT_LIST_DIR}/../program_test.cmake")

call(1 0.png)  # there is no model yet
expect_match("${err}" "own_images.safetensors")
call(0 --train "${digits}" --epochs 2)
expect_match("${out}" "accuracy 0\\.[89]")
if(NOT EXISTS own_images.safetensors OR NOT EXISTS own_images.html)
  message(FATAL_ERROR "expected a model and a report")
endif()
call(0 0.png 1.png 7.png)
expect_match("${out}" "^0\\.png: [0-9] 0\\.[0-9][0-9][0-9]\n1\\.png: [0-9] .*\n7\\.png: [0-9] [^\n]*\n$")
call(1 0.png broken.png 1.png missing.png)
expect_match("${out}" "^0\\.png: [0-9] [^\n]*\n1\\.png: [0-9] [^\n]*\n$")
expect_match("${err}" "broken\\.png: begins like no PNG.*missing\\.png: .*2 of 4 files cannot be read")
call(2 --trian x)
expect_match("${err}" "is it --train")
call(2)
