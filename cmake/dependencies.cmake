# Eigen, threads and zlib. What the system has is used; Eigen alone, without which there is no lamina, is fetched
# otherwise, pinned by hash. Sets lamina_eigen, the target to link.
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
