# Makes the site: HTML pages by Doxygen in ${OUT}/html, MathJax and what the search looks through beside them, reports in
# ${OUT}/html/reports, Doxygen's warnings in ${OUT}/warnings.txt.
#   cmake -DSOURCE=<repository> -DOUT=<folder> -DVERSION=<lamina's> -DDOXYGEN=<program> -DAWK=<program> -DMATHJAX=<folder>
#         [-DBUILD=<the build's folder, whose programs write reports>] [-DEPOCHS=<of the reports' trainings>] -P build.cmake
cmake_minimum_required(VERSION 3.23)
set(here "${CMAKE_CURRENT_LIST_DIR}")
file(REMOVE_RECURSE "${OUT}/html")
file(MAKE_DIRECTORY "${OUT}/html")

# Doxygen's own layout, but with the site's tabs, and what a thing is, its equations, comes before the list of its members,
# and is not said twice.
execute_process(COMMAND "${DOXYGEN}" -l "${OUT}/layout.xml" COMMAND_ERROR_IS_FATAL ANY)
file(READ "${OUT}/layout.xml" layout)
file(READ "${here}/tabs.xml" tabs)
if(layout MATCHES "\"topics\"")  # what Doxygen 1.9.8 calls modules
  string(REPLACE "\"modules\"" "\"topics\"" tabs "${tabs}")
endif()
string(FIND "${layout}" "<navindex>" begin)
string(FIND "${layout}" "</navindex>" end)
string(SUBSTRING "${layout}" 0 ${begin} head)
string(SUBSTRING "${layout}" ${end} -1 rest)
string(LENGTH "</navindex>" length)
string(SUBSTRING "${rest}" ${length} -1 rest)
set(layout "${head}${tabs}${rest}")
set(description "<detaileddescription title=\"\"/>")
string(REGEX REPLACE "</memberdecl>[ \r\n]*${description}" "</memberdecl>" layout "${layout}")
string(REPLACE "<memberdecl>" "${description}<memberdecl>" layout "${layout}")
string(REPLACE "<briefdescription visible=\"yes\"/>" "<briefdescription visible=\"no\"/>" layout "${layout}")
file(WRITE "${OUT}/layout.xml" "${layout}")

# Doxygen's own header, but site.js loads MathJax, where there are formulas, and the search.
execute_process(COMMAND "${DOXYGEN}" -w html "${OUT}/header.html" "${OUT}/footer.html" "${OUT}/doxygen.css" COMMAND_ERROR_IS_FATAL ANY)
file(READ "${OUT}/header.html" header)
string(REPLACE "$mathjax" "" header "${header}")
string(REPLACE "</head>" "<meta name=\"color-scheme\" content=\"light dark\"/>\n<link rel=\"icon\" href=\"data:,\"/>
<script type=\"text/javascript\" src=\"$relpath^site.js\"></script>\n</head>" header "${header}")
file(WRITE "${OUT}/header.html" "${header}")

# The Markdown pages, and pages for the other files that they lead to.
file(GLOB pages "${SOURCE}/README.md" "${SOURCE}/include/lamina/*.md" "${SOURCE}/include/lamina/*/*.md" "${SOURCE}/examples/*.md"
  "${SOURCE}/examples/*/*.md" "${SOURCE}/tests/README.md" "${SOURCE}/tests/benchmark/README.md")
execute_process(COMMAND "${AWK}" -v list=1 -v "root=${SOURCE}/" -f "${here}/names.awk" -f "${here}/page.awk" ${pages}
  OUTPUT_VARIABLE sources COMMAND_ERROR_IS_FATAL ANY)
string(STRIP "${sources}" sources)
string(REPLACE "\n" ";" sources "${sources}")
list(REMOVE_DUPLICATES sources)
set(made "")
foreach(source IN LISTS sources)
  string(REGEX REPLACE "[^A-Za-z0-9]" "_" label "source_${source}")
  string(APPEND made "/** @page ${label} ${source}\n    @include ${source} */\n")
endforeach()

# The reports.
include("${here}/gallery.cmake")
file(WRITE "${OUT}/made.dox" "${made}")

list(TRANSFORM pages REPLACE "(.+)" "\"\\1\"" OUTPUT_VARIABLE PAGES)
list(JOIN PAGES " " PAGES)
configure_file("${here}/Doxyfile.in" "${OUT}/Doxyfile" @ONLY)
execute_process(COMMAND "${DOXYGEN}" "${OUT}/Doxyfile" WORKING_DIRECTORY "${OUT}" RESULT_VARIABLE result OUTPUT_QUIET)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "docs: Doxygen ended with ${result}")
endif()
file(STRINGS "${OUT}/warnings.txt" warnings)
foreach(warning IN LISTS warnings)
  message(STATUS "${warning}")
endforeach()

# Doxygen 1.9.4 leads to lists of nested classes that it leaves out, when all of them are private.
file(GLOB classes "${OUT}/html/class*.html" "${OUT}/html/struct*.html")
foreach(page IN LISTS classes)
  file(READ "${page}" text)
  if(text MATCHES "#nested-classes" AND NOT text MATCHES "(id|name)=\"nested-classes\"")
    string(REGEX REPLACE "<a href=\"#nested-classes\">[^<]*</a>( &#124;)?" "" text "${text}")
    file(WRITE "${page}" "${text}")
  endif()
endforeach()

execute_process(COMMAND "${AWK}" -v "root=${SOURCE}/" -f "${here}/names.awk" -f "${here}/search.awk" ${pages} "${OUT}/names.tag"
  OUTPUT_FILE "${OUT}/html/searched.js" COMMAND_ERROR_IS_FATAL ANY)

# Of MathJax, what reads TeX and writes SVG: no font has to be loaded then, which browsers refuse pages without a server.
foreach(part IN ITEMS MathJax.js extensions/tex2jax.js extensions/MathEvents.js extensions/MathMenu.js extensions/MathZoom.js
                      extensions/TeX jax/element jax/input/TeX jax/output/SVG/jax.js jax/output/SVG/config.js
                      jax/output/SVG/autoload jax/output/SVG/fonts/TeX)
  cmake_path(GET part PARENT_PATH folder)
  file(COPY "${MATHJAX}/${part}" DESTINATION "${OUT}/html/mathjax/${folder}" FOLLOW_SYMLINK_CHAIN)
endforeach()
