# Catch2 3 or 2.13 from the system, else 2.13.10 fetched, pinned by hash. Either way there is Catch2::Catch2WithMain.
find_package(Catch2 3 CONFIG QUIET)
if(NOT Catch2_FOUND)
  find_package(Catch2 2.13 CONFIG QUIET)
endif()
if(NOT TARGET Catch2::Catch2WithMain)
  message(STATUS "lamina: Catch2 not found; fetching Catch2 2.13.10 (or install catch2)")
  include(FetchContent)
  FetchContent_Declare(lamina_catch2_source
    URL https://github.com/catchorg/Catch2/archive/refs/tags/v2.13.10.tar.gz
    URL_HASH SHA256=d54a712b7b1d7708bc7a819a8e6e47b2fde9536f487b89ccbca295072a7d9943
    SOURCE_SUBDIR no-cmake-project)
  FetchContent_MakeAvailable(lamina_catch2_source)
  file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/catch_main.cpp" "#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n")
  add_library(lamina_catch2 STATIC "${CMAKE_CURRENT_BINARY_DIR}/catch_main.cpp")
  target_include_directories(lamina_catch2 SYSTEM PUBLIC "${lamina_catch2_source_SOURCE_DIR}/single_include")
  target_compile_features(lamina_catch2 PUBLIC cxx_std_20)
  add_library(Catch2::Catch2WithMain ALIAS lamina_catch2)
endif()
