# Eigen, threads, zlib and stb. What the system has is used; Eigen, without which there is no lamina, is fetched otherwise,
# pinned by hash, and so is stb where that is asked for. Sets lamina_eigen, the target to link.
find_package(Threads REQUIRED)
find_package(ZLIB QUIET)

include(${CMAKE_CURRENT_LIST_DIR}/find-eigen.cmake)
if(lamina_eigen_found)
  set(lamina_eigen Eigen3::Eigen)
else()
  include(${CMAKE_CURRENT_LIST_DIR}/fetch.cmake)
  lamina_fetch(lamina_eigen_source https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.gz
    8586084f71f9bde545ee7fa6d00288b264a2b7ac3607b974e54d13e7162c1c72 libeigen3-dev)
  add_library(lamina_eigen INTERFACE)
  target_include_directories(lamina_eigen SYSTEM INTERFACE "${lamina_eigen_source_SOURCE_DIR}")
  set(lamina_eigen lamina_eigen)
endif()

option(LAMINA_FETCH_STB "Fetch stb_image, for lamina::images, where the system has none (libstb-dev)" OFF)
include(${CMAKE_CURRENT_LIST_DIR}/find-stb.cmake)
if(NOT lamina_stb_found AND LAMINA_FETCH_STB)
  include(${CMAKE_CURRENT_LIST_DIR}/fetch.cmake)
  lamina_fetch(lamina_stb_source https://github.com/nothings/stb/archive/8b5f1f37b5b75829fc72d38e7b5d4bcbf8a26d55.zip
    93a16ee3e866e719feec459f6f132cce932c5ec751eb38e3ec1975f911353d2e libstb-dev)
  set(LAMINA_STB_INCLUDE_DIR "${lamina_stb_source_SOURCE_DIR}" CACHE PATH "The folder of stb_image.h" FORCE)
  include(${CMAKE_CURRENT_LIST_DIR}/find-stb.cmake)
endif()
if(lamina_stb_found AND PROJECT_IS_TOP_LEVEL)
  file(STRINGS "${LAMINA_STB_INCLUDE_DIR}/stb_image.h" lamina_stb_version LIMIT_COUNT 1 REGEX "v[0-9.]+")
  string(REGEX REPLACE ".*v([0-9.]+).*" "\\1" lamina_stb_version "${lamina_stb_version}")
  if(lamina_stb_version VERSION_LESS 2.28)
    message(STATUS "lamina: stb_image ${lamina_stb_version} lacks later fixes; data/images.hpp checks files before it sees them")
  endif()
endif()
