# Finds stb_image.h, and sets lamina_stb_found and the target lamina::stb. Used while building lamina and by its installed
# package. stb has no configuration of its own.
set(lamina_stb_found FALSE)
find_path(LAMINA_STB_INCLUDE_DIR stb_image.h PATH_SUFFIXES stb DOC "The folder of stb_image.h")
mark_as_advanced(LAMINA_STB_INCLUDE_DIR)
if(EXISTS "${LAMINA_STB_INCLUDE_DIR}/stb_image.h")
  set(lamina_stb_found TRUE)
  if(NOT TARGET lamina::stb)
    add_library(lamina::stb INTERFACE IMPORTED GLOBAL)
    target_include_directories(lamina::stb SYSTEM INTERFACE "${LAMINA_STB_INCLUDE_DIR}")
  endif()
endif()
