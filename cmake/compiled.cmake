# lamina::compiled: lamina, but with the kernels and everything else that does not depend on a program's own types compiled
# once, in a library of the consumer's own build, instead of in each of its source files. It is optimised in debug builds,
# too.
set(lamina_compiled_sources "")
foreach(part IN ITEMS core engine files kernels_double kernels_float layers_double layers_float
                    networks_double networks_float onnx report training tuning)
  list(APPEND lamina_compiled_sources "${CMAKE_CURRENT_LIST_DIR}/compiled/${part}.cpp")
endforeach()
if(NOT TARGET lamina_compiled)
  add_library(lamina_compiled STATIC EXCLUDE_FROM_ALL ${lamina_compiled_sources})
  add_library(lamina::compiled ALIAS lamina_compiled)
  set_target_properties(lamina_compiled PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_compile_definitions(lamina_compiled PUBLIC LAMINA_COMPILED)
  target_compile_options(lamina_compiled PRIVATE -O3)
  target_link_libraries(lamina_compiled PUBLIC lamina::lamina)
endif()
