# Each header compiled alone: it includes all that it needs. Once per compiler is enough.
option(LAMINA_TEST_HEADERS "Compile each header alone" ON)
if(NOT LAMINA_TEST_HEADERS OR LAMINA_SANITIZE)
  return()
endif()

set(headers ${lamina_headers})
set(dependencies ${lamina_eigen})
if(ZLIB_FOUND AND EXISTS "${lamina_gzip_headers}")
  list(APPEND headers ${lamina_gzip_headers})
  list(APPEND dependencies ZLIB::ZLIB)
endif()
if(lamina_stb_found)
  list(APPEND headers ${lamina_images_headers})
  list(APPEND dependencies lamina::stb)
endif()
if(TARGET MPI::MPI_CXX)
  list(APPEND headers ${lamina_mpi_headers})
  list(APPEND dependencies MPI::MPI_CXX)
endif()
list(FILTER headers INCLUDE REGEX "\\.hpp$")
# What one source file of a program includes, with LAMINA_COMPILED defined. lamina::compiled shows whether it compiles.
list(REMOVE_ITEM headers "${PROJECT_SOURCE_DIR}/include/lamina/compiled.hpp")
list(SORT headers)
string(REPLACE "${PROJECT_SOURCE_DIR}/include/" "" headers "${headers}")
set(headers_to_check ${headers})
string(REPLACE ";" "\n" headers "${headers}\n")
file(CONFIGURE OUTPUT headers.txt CONTENT "${headers}" @ONLY)

# The folders of the dependencies, as system headers. The compiler's own must not be named again: that changes their order.
set(compile "${CMAKE_CXX_COMPILER}" -std=c++20 "$<TARGET_PROPERTY:lamina_developer,INTERFACE_COMPILE_OPTIONS>" -Wdouble-promotion)
foreach(dependency IN LISTS dependencies)
  get_target_property(folders ${dependency} INTERFACE_INCLUDE_DIRECTORIES)
  foreach(folder IN LISTS folders)
    if(NOT folder IN_LIST CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
      list(APPEND compile "-isystem${folder}")
    endif()
  endforeach()
endforeach()

add_test(NAME headers/min_and_max COMMAND ${compile} "-isystem${PROJECT_SOURCE_DIR}/include" -fsyntax-only
  "${CMAKE_CURRENT_SOURCE_DIR}/headers/min_max.cpp" COMMAND_EXPAND_LISTS)

# Those whose text is another one with LAMINA_COMPILED: the others compile in one way if they do in the other, as the headers
# that they include do.
set(headers_of_two_ways "")
foreach(header IN LISTS headers_to_check)
  file(STRINGS "${PROJECT_SOURCE_DIR}/include/${header}" lines REGEX "LAMINA_COMPILED" LIMIT_COUNT 1)
  if(lines)
    string(APPEND headers_of_two_ways "${header}\n")
  endif()
endforeach()
file(CONFIGURE OUTPUT headers_of_two_ways.txt CONTENT "${headers_of_two_ways}" @ONLY)

# lamina_test_headers(<mode> <list> <flag>...): every header of a list alone, with these flags, in parts that CTest can run side
# by side.
set(parts 4)
function(lamina_test_headers mode list)
  set(script sh "${CMAKE_CURRENT_SOURCE_DIR}/headers/alone.sh")
  set(scratch "${CMAKE_CURRENT_BINARY_DIR}/headers-${mode}")
  set(precompiled headers/${mode}/precompiled)
  add_test(NAME ${precompiled} COMMAND ${script} precompile "${PROJECT_SOURCE_DIR}/include" "${scratch}" ${compile} ${ARGN} COMMAND_EXPAND_LISTS)
  set_tests_properties(${precompiled} PROPERTIES FIXTURES_SETUP ${precompiled} COST 300)
  foreach(part RANGE 1 ${parts})
    set(name headers/${mode}/${part}_of_${parts})
    add_test(NAME ${name} COMMAND ${script} check ${part}/${parts} "${CMAKE_CURRENT_BINARY_DIR}/${list}.txt"
      "${PROJECT_SOURCE_DIR}/include" "${scratch}" ${compile} ${ARGN} COMMAND_EXPAND_LISTS)
    set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED ${precompiled} COST 200)
  endforeach()
endfunction()
option(LAMINA_TEST_BOTH_WAYS "Compile each header alone with its definitions, too" OFF)
if(LAMINA_TEST_BOTH_WAYS)
  lamina_test_headers(headers_only headers_of_two_ways)
else()
  add_test(NAME headers/headers_only COMMAND "${CMAKE_COMMAND}" -E echo
    "skipped: headers/headers_only: each header alone with its definitions (sh tests/run.sh --ci or --all)")
  set_tests_properties(headers/headers_only PROPERTIES SKIP_REGULAR_EXPRESSION "${skip_line}")
endif()
lamina_test_headers(compiled headers -DLAMINA_COMPILED)

add_test(NAME headers/planted_faults_are_seen COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/headers/planted.sh"
  "${PROJECT_SOURCE_DIR}/include" "${CMAKE_CURRENT_BINARY_DIR}/headers-planted" ${compile} COMMAND_EXPAND_LISTS)

# How much each public header brings with it.
add_test(NAME headers/limits COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/headers/limits.sh"
  "${CMAKE_CURRENT_SOURCE_DIR}/headers/limits.txt" "${CMAKE_CURRENT_BINARY_DIR}/headers.txt"
  "${PROJECT_SOURCE_DIR}/include" ${compile} COMMAND_EXPAND_LISTS)
add_test(NAME headers/limits_are_compared COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/headers/limits_test.sh"
  "${CMAKE_CURRENT_BINARY_DIR}/headers-limits" "${CMAKE_CXX_COMPILER}")
