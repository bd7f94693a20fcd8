# One digit and two, on few samples: what is printed, and which options are refused.
include("${CMAKE_CURRENT_LIST_DIR}/../program_test.cmake")

call(0 --epochs 2 --train-limit 3000)
expect_match("${out}" "One digit, and one question: which.\nSoftmaxCrossEntropy\n  epoch 1/2 ")
expect_match("${out}" "\nSigmoidCrossEntropy\n  epoch 1/2 .*  epoch 2/2  loss [0-9.]+  test: accuracy 0\\.[5-9]")
expect_match("${out}" "ten questions.*SigmoidCrossEntropy\n.*epoch 2/2  loss [0-9.]+  test: answers right 0\\.8[1-9]")
expect_match("${out}" "\n      9  .* 763\n   mean ")
expect_match("${out}" "\nanswers right 0\\.8[1-9][0-9]+ \\(saying no throughout: 0\\.8102\\)\nall ten right 0\\.[0-9]+ of 4,000 pictures\n")
expect_match("${out}" "is ([0-9]( and [0-9])?), taken for ([0-9]( and [0-9])?)\n.*is [^\n]*, taken for [^\n]*\n.*is [^\n]*, taken for [^\n]*\n$")
call(2 --epochs 0)
expect_match("${err}" "--epochs expects a whole number of at least 1")
