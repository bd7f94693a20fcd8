# Warns, once, a project that uses lamina and has not asked its compiler to optimise. Read by add_subdirectory, FetchContent
# and find_package.
get_property(lamina_multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
get_property(lamina_warned GLOBAL PROPERTY lamina_warned_unoptimised)
if(NOT lamina_warned AND NOT lamina_multi_config AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CXX_FLAGS MATCHES "(^| )-O")
  set_property(GLOBAL PROPERTY lamina_warned_unoptimised TRUE)
  message(WARNING "lamina: CMAKE_BUILD_TYPE is empty, so the compiler does not optimise, and programs can be many times slower. "
    "Pass -DCMAKE_BUILD_TYPE=Release to cmake.")
endif()
