# lamina::compiled: lamina, but with the kernels compiled once, in a library of the consumer's own build, instead of in each
# of its source files. The kernels are optimised in debug builds, too.
if(NOT TARGET lamina_compiled)
  add_library(lamina_compiled STATIC EXCLUDE_FROM_ALL "${CMAKE_CURRENT_LIST_DIR}/compiled.cpp")
  add_library(lamina::compiled ALIAS lamina_compiled)
  set_target_properties(lamina_compiled PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_compile_definitions(lamina_compiled PUBLIC LAMINA_COMPILED_KERNELS)
  target_compile_options(lamina_compiled PRIVATE -O3)
  target_link_libraries(lamina_compiled PUBLIC lamina::lamina)
endif()
