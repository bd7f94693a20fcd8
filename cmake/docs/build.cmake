# Makes the reference: HTML pages by Doxygen in ${OUT}/html, MathJax beside them, Doxygen's warnings in ${OUT}/warnings.txt.
#   cmake -DSOURCE=<repository> -DOUT=<folder> -DVERSION=<lamina's> -DDOXYGEN=<program> -DAWK=<program> -DMATHJAX=<folder>
#         -P build.cmake
file(REMOVE_RECURSE "${OUT}/html")
file(MAKE_DIRECTORY "${OUT}")

# Doxygen's own layout, but what a thing is, its equations, comes before the list of its members.
execute_process(COMMAND "${DOXYGEN}" -l "${OUT}/layout.xml" COMMAND_ERROR_IS_FATAL ANY)
file(READ "${OUT}/layout.xml" layout)
set(description "<detaileddescription title=\"\"/>")
string(REGEX REPLACE "</memberdecl>[ \r\n]*${description}" "</memberdecl>" layout "${layout}")
string(REPLACE "<memberdecl>" "${description}<memberdecl>" layout "${layout}")
file(WRITE "${OUT}/layout.xml" "${layout}")

configure_file("${CMAKE_CURRENT_LIST_DIR}/Doxyfile.in" "${OUT}/Doxyfile" @ONLY)
execute_process(COMMAND "${DOXYGEN}" "${OUT}/Doxyfile" WORKING_DIRECTORY "${OUT}" RESULT_VARIABLE result OUTPUT_QUIET)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "docs: Doxygen ended with ${result}")
endif()
file(STRINGS "${OUT}/warnings.txt" warnings)
foreach(warning IN LISTS warnings)
  message(STATUS "${warning}")
endforeach()

# Of MathJax, what reads TeX and writes SVG: no font has to be loaded then, which browsers refuse pages without a server.
foreach(part IN ITEMS MathJax.js extensions/tex2jax.js extensions/MathEvents.js extensions/MathMenu.js extensions/MathZoom.js
                      extensions/TeX jax/element jax/input/TeX jax/output/SVG/jax.js jax/output/SVG/config.js
                      jax/output/SVG/autoload jax/output/SVG/fonts/TeX)
  cmake_path(GET part PARENT_PATH folder)
  file(COPY "${MATHJAX}/${part}" DESTINATION "${OUT}/html/mathjax/${folder}" FOLLOW_SYMLINK_CHAIN)
endforeach()
