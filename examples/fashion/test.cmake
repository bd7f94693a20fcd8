# Trains on a few pictures, in files that are made here.
#   cmake -DPROGRAM=<fashion> -P test.cmake
include("${CMAKE_CURRENT_LIST_DIR}/../program_test.cmake")

call(2 --data nowhere)
expect_match("${err}" "fashion: --data nowhere is no folder; Fashion-MNIST is in Debian's package dataset-fashion-mnist")
call(2 --data . --width 0)
expect_match("${err}" "--width expects a whole number of at least 1 but got 0")
file(REMOVE_RECURSE clothes)
file(MAKE_DIRECTORY clothes)
call(1 --data clothes)
expect_match("${err}" "fashion: .*clothes.*train-images-idx3-ubyte")

# Sixty pictures of noise, six of each class.
execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND sh -c "
  cd clothes
  for part in train t10k; do
    { printf '\\000\\000\\010\\003\\000\\000\\000\\074\\000\\000\\000\\034\\000\\000\\000\\034'; seq 100000 | head -c 47040; } > $part-images-idx3-ubyte
    { printf '\\000\\000\\010\\001\\000\\000\\000\\074'
      for i in 1 2 3 4 5 6; do printf '\\000\\001\\002\\003\\004\\005\\006\\007\\010\\011'; done; } > $part-labels-idx1-ubyte
  done")
call(0 --data clothes --epochs 1 --width 4 --batch-size 16 --train-limit 40 --save clothes.safetensors --report clothes.html)
expect_match("${out}" "Training pictures: 40, .*trained for .*model saved to clothes.safetensors.*report written to clothes.html.*Ankle boot.*test accuracy 0\\.[0-9][0-9][0-9][0-9]\n$")
