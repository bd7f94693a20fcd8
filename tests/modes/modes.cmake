# The two ways to compile lamina: the same bits, no definition in common, and nothing that passes from one to the other.
if(LAMINA_SANITIZE OR LAMINA_SANITIZE_THREADS)
  return()
endif()
add_library(lamina_test_mode_headers OBJECT modes/program.cpp)
target_link_libraries(lamina_test_mode_headers PRIVATE lamina_lightly_optimised)
add_executable(lamina_test_headers_program)
target_link_libraries(lamina_test_headers_program PRIVATE lamina_test_mode_headers lamina_developer)
set_target_properties(lamina_test_headers_program PROPERTIES LINKER_LANGUAGE CXX)
add_executable(lamina_test_compiled_program modes/program.cpp)
target_link_libraries(lamina_test_compiled_program PRIVATE lamina_developer_compiled)

set(modes_run sh "${CMAKE_CURRENT_SOURCE_DIR}/modes/run.sh")
set(modes_includes "$<TARGET_PROPERTY:lamina_test_umbrella,INCLUDE_DIRECTORIES>")
add_test(NAME modes/same_bits COMMAND ${modes_run} bits
  $<TARGET_FILE:lamina_test_headers_program> $<TARGET_FILE:lamina_test_compiled_program>)
add_test(NAME modes/share_no_definition COMMAND ${modes_run} apart
  $<TARGET_OBJECTS:lamina_test_mode_headers> $<TARGET_FILE:lamina_test_compiled_program>)
add_test(NAME modes/twenty_sources COMMAND ${modes_run} sources "${CMAKE_CURRENT_BINARY_DIR}/modes-sources"
  $<TARGET_OBJECTS:lamina_test_umbrella> $<TARGET_OBJECTS:lamina_test_mode_headers> "${CMAKE_CXX_COMPILER}")
add_test(NAME modes/mixed_files_do_not_link COMMAND ${modes_run} mixed "${CMAKE_CURRENT_BINARY_DIR}/modes-mixed"
  $<TARGET_FILE:lamina_developer_compiled> "${CMAKE_CXX_COMPILER}" -std=c++20 "-isystem$<JOIN:${modes_includes},;-isystem>"
  COMMAND_EXPAND_LISTS)

# Layers, losses and random numbers under flags that let a compiler rearrange sums, and that no macro tells of.
if(LAMINA_TEST_INSTRUCTION_SETS)
  file(GLOB sources CONFIGURE_DEPENDS losses/*.cpp)
  add_executable(lamina_test_rearranged contract/layers.cpp core/random.cpp ${sources})
  target_link_libraries(lamina_test_rearranged PRIVATE lamina_lightly_optimised Catch2::Catch2WithMain)
  target_compile_definitions(lamina_test_rearranged PRIVATE LAMINA_TESTS_DIR="${CMAKE_CURRENT_SOURCE_DIR}")
  target_compile_options(lamina_test_rearranged PRIVATE
    -fassociative-math -freciprocal-math -fno-signed-zeros -fno-trapping-math)
  add_test(NAME modes/rearranging_flags COMMAND lamina_test_rearranged)
endif()
