# Compiles lamina.hpp once for all the cases, which then take a second instead of eight.
#
#   cmake -DCOMPILER=<c++> -DHEADER=<header to write> -DINCLUDES=<list> -P tests/compile_fail/precompile.cmake
cmake_minimum_required(VERSION 3.23)

list(TRANSFORM INCLUDES PREPEND -isystem)
execute_process(COMMAND "${COMPILER}" --version OUTPUT_VARIABLE version)
if(version MATCHES "clang")
  set(out "${HEADER}.pch")
else()
  set(out "${HEADER}.gch")
endif()
file(WRITE "${HEADER}" "#include <lamina/lamina.hpp>\n")
execute_process(COMMAND "${COMPILER}" -std=c++20 ${INCLUDES} -x c++-header "${HEADER}" -o "${out}" COMMAND_ERROR_IS_FATAL ANY)
