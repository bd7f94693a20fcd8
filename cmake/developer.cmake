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
if(LAMINA_SANITIZE)
  target_compile_options(lamina_developer INTERFACE
    -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all)
  target_compile_definitions(lamina_developer INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(lamina_developer INTERFACE -fsanitize=address,undefined)
endif()
