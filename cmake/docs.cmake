# `cmake --build … --target docs`: the site, in docs/html of the build, by Doxygen: README.md, the guides, derivations, the
# examples' pages, the reference, and reports that the build's programs write. Its formulas need no network, as MathJax is
# copied beside the pages.
find_program(LAMINA_DOXYGEN NAMES doxygen DOC "Doxygen: makes the reference (target docs)")
find_program(LAMINA_AWK NAMES awk DOC "awk: prepares headers for Doxygen")
find_path(LAMINA_MATHJAX NAMES jax/output/SVG/jax.js PATHS /usr/share/javascript/mathjax NO_DEFAULT_PATH
  DOC "The folder of MathJax 2: formulas of the site")
mark_as_advanced(LAMINA_DOXYGEN LAMINA_AWK LAMINA_MATHJAX)

# What is missing, as Debian's packages.
set(lamina_docs_missing "")
foreach(needed IN ITEMS LAMINA_DOXYGEN:doxygen LAMINA_AWK:mawk LAMINA_MATHJAX:libjs-mathjax)
  string(REGEX MATCH "(.*):(.*)" unused "${needed}")
  if(NOT ${CMAKE_MATCH_1})
    string(APPEND lamina_docs_missing " ${CMAKE_MATCH_2}")
  endif()
endforeach()

set(lamina_build_docs "${CMAKE_COMMAND}" "-DSOURCE=${PROJECT_SOURCE_DIR}" -DVERSION=${PROJECT_VERSION}
  "-DDOXYGEN=${LAMINA_DOXYGEN}" "-DAWK=${LAMINA_AWK}" "-DMATHJAX=${LAMINA_MATHJAX}" "-DBUILD=${PROJECT_BINARY_DIR}")
if(lamina_docs_missing)
  add_custom_target(docs
    COMMAND "${CMAKE_COMMAND}" -E echo
      "docs: please install${lamina_docs_missing} (Debian, Ubuntu: sudo apt-get install${lamina_docs_missing}), then configure again"
    COMMAND "${CMAKE_COMMAND}" -E false VERBATIM)
else()
  add_custom_target(docs
    COMMAND ${lamina_build_docs} "-DOUT=${PROJECT_BINARY_DIR}/docs" -P "${PROJECT_SOURCE_DIR}/cmake/docs/build.cmake"
    COMMAND "${CMAKE_COMMAND}" -E echo "docs: open ${PROJECT_BINARY_DIR}/docs/html/index.html"
    COMMENT "Making the site" VERBATIM)
endif()
