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

# The kernels, compiled once instead of in each program that links this. The README's programs, consumers, the umbrella's
# test and, but for sanitizers, the examples have them from the headers alone.
add_library(lamina_compiled_kernels OBJECT EXCLUDE_FROM_ALL "${CMAKE_CURRENT_LIST_DIR}/compiled.cpp")
target_compile_definitions(lamina_compiled_kernels PUBLIC LAMINA_COMPILED_KERNELS)
target_link_libraries(lamina_compiled_kernels PUBLIC lamina_developer)
if(LAMINA_SANITIZE OR LAMINA_SANITIZE_THREADS)
  # Most of the tests' time is spent in them. A source's options come last.
  set_source_files_properties("${CMAKE_CURRENT_LIST_DIR}/compiled.cpp" PROPERTIES COMPILE_OPTIONS -O2)
endif()
