# Runs the line of tests/benchmark/README.md that configures the benchmarks, with Catch2 hidden and no network, and sees that it makes
# lamina_bench a target and fetches nothing.
#
#   cmake -DSOURCE=<lamina> -DSCRATCH=<folder> -DCOMPILER=<c++> [-DEIGEN3_DIR=<folder of Eigen3Config.cmake>]
#         [-DEIGEN_SOURCE=<folder that was fetched>] -P tests/benchmark/without_catch2.cmake
cmake_minimum_required(VERSION 3.23)

file(STRINGS "${SOURCE}/tests/benchmark/README.md" lines REGEX "^cmake -S .*LAMINA_BUILD_BENCHMARKS=ON")
list(LENGTH lines count)
if(NOT count EQUAL 1)
  message(FATAL_ERROR "tests/benchmark/README.md: expected one line that configures the benchmarks but found ${count}: ${lines}")
endif()
string(REGEX MATCHALL "-D[A-Za-z_]+=[A-Za-z]+" options "${lines}")

file(REMOVE_RECURSE "${SCRATCH}")
list(APPEND options "-DCMAKE_CXX_COMPILER=${COMPILER}" -DCMAKE_DISABLE_FIND_PACKAGE_Catch2=ON)
if(EIGEN3_DIR)
  list(APPEND options "-DEigen3_DIR=${EIGEN3_DIR}")
else()
  list(APPEND options "-DFETCHCONTENT_SOURCE_DIR_LAMINA_EIGEN_SOURCE=${EIGEN_SOURCE}" -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON)
endif()
foreach(name IN ITEMS http_proxy https_proxy)  # whatever asks for a file gets no answer
  set(ENV{${name}} "http://127.0.0.1:9")
endforeach()
execute_process(COMMAND "${CMAKE_COMMAND}" -S "${SOURCE}" -B "${SCRATCH}" ${options}
  RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT code EQUAL 0 OR output MATCHES "fetching")
  message(FATAL_ERROR "expected that it configures without fetching but got ${code}:\n${output}")
endif()
execute_process(COMMAND "${CMAKE_COMMAND}" --build "${SCRATCH}" --target help
  RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT code EQUAL 0 OR NOT output MATCHES "lamina_bench" OR output MATCHES "lamina_test_")
  message(FATAL_ERROR "expected the target lamina_bench, and none of the tests', but got ${code}:\n${output}")
endif()
file(REMOVE_RECURSE "${SCRATCH}")
