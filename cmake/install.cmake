include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(lamina_package_dir "${CMAKE_INSTALL_DATADIR}/cmake/lamina")

# One export set per component, so that a consumer who does not ask for gzip needs no zlib, for images no stb, and for mpi no MPI.
install(TARGETS lamina EXPORT laminaTargets FILE_SET HEADERS)
install(EXPORT laminaTargets NAMESPACE lamina:: DESTINATION "${lamina_package_dir}")
if(EXISTS "${lamina_gzip_headers}")
  install(TARGETS lamina_gzip EXPORT laminaGzipTargets FILE_SET HEADERS)
  install(EXPORT laminaGzipTargets NAMESPACE lamina:: DESTINATION "${lamina_package_dir}")
endif()
install(TARGETS lamina_images EXPORT laminaImagesTargets FILE_SET HEADERS)
install(EXPORT laminaImagesTargets NAMESPACE lamina:: DESTINATION "${lamina_package_dir}")
install(TARGETS lamina_mpi EXPORT laminaMpiTargets FILE_SET HEADERS)
install(EXPORT laminaMpiTargets NAMESPACE lamina:: DESTINATION "${lamina_package_dir}")

configure_package_config_file(cmake/lamina-config.cmake.in lamina-config.cmake INSTALL_DESTINATION "${lamina_package_dir}")
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/lamina-config-version.cmake"
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/lamina-config.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/lamina-config-version.cmake"
              cmake/compiled.cmake
              cmake/find-eigen.cmake
              cmake/find-stb.cmake
              cmake/warn-unoptimised.cmake
        DESTINATION "${lamina_package_dir}")
install(DIRECTORY cmake/compiled DESTINATION "${lamina_package_dir}")

file(RELATIVE_PATH lamina_pc_prefix "/${CMAKE_INSTALL_DATADIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" lamina_pc_prefix "${lamina_pc_prefix}")
configure_file(cmake/lamina.pc.in lamina.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/lamina.pc" DESTINATION "${CMAKE_INSTALL_DATADIR}/pkgconfig")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
