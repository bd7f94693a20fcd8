# How lamina's own tests and examples are compiled. Never linked to by the library, so no consumer gets a flag from here.
get_property(lamina_multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT lamina_multi_config)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel" FORCE)
endif()

add_library(lamina_developer INTERFACE)
target_link_libraries(lamina_developer INTERFACE lamina)
if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
  target_compile_options(lamina_developer INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion $<$<BOOL:${LAMINA_WERROR}>:-Werror>)
endif()
if(LAMINA_SANITIZE AND LAMINA_SANITIZE_THREADS)
  message(FATAL_ERROR "lamina: the thread sanitizer cannot be had with the others; set one of LAMINA_SANITIZE and LAMINA_SANITIZE_THREADS")
endif()
if(LAMINA_SANITIZE OR LAMINA_SANITIZE_THREADS)
  # Where variables live takes g++ most of the time that sanitized code takes, and a report of lines does not need it.
  target_compile_options(lamina_developer INTERFACE
    -Og -g1 -fno-omit-frame-pointer $<$<CXX_COMPILER_ID:GNU>:-fno-var-tracking>)
endif()
if(LAMINA_SANITIZE)
  target_compile_options(lamina_developer INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all)
  target_compile_definitions(lamina_developer INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(lamina_developer INTERFACE -fsanitize=address,undefined)
endif()
if(LAMINA_SANITIZE_THREADS)
  target_compile_options(lamina_developer INTERFACE -fsanitize=thread)
  target_link_options(lamina_developer INTERFACE -fsanitize=thread)
endif()

# What tests are compiled with: little optimisation, as their time goes into compiling. Kernels are
# optimised by themselves.
add_library(lamina_lightly_optimised INTERFACE)
target_link_libraries(lamina_lightly_optimised INTERFACE lamina_developer)
if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang" AND NOT LAMINA_SANITIZE AND NOT LAMINA_SANITIZE_THREADS)
  target_compile_options(lamina_lightly_optimised INTERFACE -O1)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 and 13 see overlaps and overruns in std::string's own operator+.
  target_compile_options(lamina_lightly_optimised INTERFACE -Wno-restrict -Wno-array-bounds)
endif()

# lamina::compiled as lamina's own tests and most examples link it: with their flags. The README's programs, consumers, the
# umbrella's test and examples/mnist have lamina from headers alone.
add_library(lamina_developer_compiled STATIC EXCLUDE_FROM_ALL ${lamina_compiled_sources})
target_compile_definitions(lamina_developer_compiled PUBLIC LAMINA_COMPILED)
target_link_libraries(lamina_developer_compiled PUBLIC lamina_lightly_optimised)
