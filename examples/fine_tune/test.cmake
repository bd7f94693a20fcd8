# Adapts the network that another example saved to the pictures that it was trained on.
#   LAMINA_TEST_CIFAR=<folder with binary.safetensors and binary/> cmake -DPROGRAM=<fine_tune> -P test.cmake
include("${CMAKE_CURRENT_LIST_DIR}/../program_test.cmake")
set(cifar "$ENV{LAMINA_TEST_CIFAR}")

call(2)
expect_match("${err}" "fine_tune: expects --network FILE, the weights of a ResNet-20 for CIFAR-10 as safetensors")
call(1 --network nowhere.safetensors --data "${cifar}/binary")
expect_match("${err}" "nowhere.safetensors: there is no such file")
call(1 --network "${cifar}/binary/test_batch.bin" --data "${cifar}/binary")
expect_match("${err}" "test_batch.bin: ")
call(0 --network "${cifar}/binary.safetensors" --data "${cifar}/binary" --batch-size 8 --head-epochs 3 --epochs 2 --save tuned.safetensors)
expect_match("${out}" "as it is: accuracy [01]\\.[0-9]+, .*after its last layer was trained: accuracy .*after all layers were trained: accuracy .*model saved to tuned.safetensors.*test accuracy [01]\\.[0-9]+, from [01]\\.[0-9]+ as it was\n$")
