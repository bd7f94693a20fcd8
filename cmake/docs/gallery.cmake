# The reports that the examples write, each made by a program of ${PROGRAMS} that is there: files in ${OUT}/html/reports, and
# their page, as text for Doxygen, at the end of ${made}. A report that is newer than its program is not made again.
set(gallery "")
set(work "${OUT}/runs")

# report(<name> <program> <arguments> <the report it writes> <title> <text>)
function(report name program arguments file title text)
  if(NOT PROGRAMS OR NOT EXISTS "${PROGRAMS}/${program}")
    return()
  endif()
  if(NOT EXISTS "${work}/${file}" OR "${PROGRAMS}/${program}" IS_NEWER_THAN "${work}/${file}")
    message(STATUS "docs: ${program} makes reports/${name}.html")
    file(MAKE_DIRECTORY "${work}")
    execute_process(COMMAND "${PROGRAMS}/${program}" ${arguments} WORKING_DIRECTORY "${work}" OUTPUT_FILE "${work}/${name}.txt"
      COMMAND_ERROR_IS_FATAL ANY)
  endif()
  file(COPY_FILE "${work}/${file}" "${OUT}/html/reports/${name}.html")
  string(APPEND gallery "
    @section gallery_${name} ${title}
    ${text} <a href=\"reports/${name}.html\">Open the report</a>. This is what it shows; it scrolls.
    @htmlonly <iframe class=\"report\" src=\"reports/${name}.html\" title=\"${title}\"></iframe> @endhtmlonly\n")
  set(gallery "${gallery}" PARENT_SCOPE)
endfunction()

file(MAKE_DIRECTORY "${OUT}/html/reports")
report(digits_study digits_study "--sweep-only" digits_study/study.html "A study of 3,078 digits"
  "`digits_study` trains five networks with augmentation and without, side by side.")
report(own_images own_images "--train;digits_study/drawn-digits-42;--epochs;3" own_images.html "Images of one's own"
  "`own_images` reads a folder of pictures for each class, here drawn digits, and trains for three epochs.")
if(gallery STREQUAL "")
  set(gallery "
    There are none yet: the examples are not built. `cmake --build build` builds them; then make the site again.\n")
endif()
string(APPEND made "/** @page gallery Reports
    @tableofcontents
    Each report is one HTML file that needs no other file and runs no script. These were written when this site was made, by
    @ref example_programs \"the examples\"; @ref guide_report \"Reports and plots\" tells how a program writes one.
${gallery} */\n")
