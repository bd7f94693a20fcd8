# The reports that programs of ${BUILD} write, if they are built: files in ${OUT}/html/reports, and their page, as text for
# Doxygen, at the end of ${made}. A report that is newer than its program is not made again.
set(gallery "")
set(work "${OUT}/runs")
if(NOT EPOCHS)
  set(EPOCHS 20)
endif()

# report(<name> <program> <arguments> <the report it writes> <title> <text>)
function(report name program arguments file title text)
  set(path "${BUILD}/${program}${CMAKE_EXECUTABLE_SUFFIX}")
  if(NOT EXISTS "${path}")
    return()
  endif()
  if(NOT EXISTS "${work}/${file}" OR "${path}" IS_NEWER_THAN "${work}/${file}")
    message(STATUS "docs: ${program} writes ${file}")
    file(MAKE_DIRECTORY "${work}")
    execute_process(COMMAND "${path}" ${arguments} WORKING_DIRECTORY "${work}" OUTPUT_FILE "${work}/${name}.txt"
      COMMAND_ERROR_IS_FATAL ANY)
  endif()
  file(COPY_FILE "${work}/${file}" "${OUT}/html/reports/${name}.html")
  string(APPEND gallery "
    @section gallery_${name} ${title}
    ${text} <a href=\"reports/${name}.html\">Open the report</a>. This is it, in a frame that scrolls:
    @htmlonly <iframe class=\"report\" src=\"reports/${name}.html\" title=\"${title}\" loading=\"lazy\"></iframe> @endhtmlonly\n")
  set(gallery "${gallery}" PARENT_SCOPE)
endfunction()

file(MAKE_DIRECTORY "${OUT}/html/reports")
report(digits_study examples/digits_study "--sweep-only;--epochs;${EPOCHS}" digits_study/study.html "A study of 3,078 digits"
  "The example `digits_study` trains five networks with augmentation and without, side by side.")
report(own_images examples/own_images "--train;digits_study/drawn-digits-42;--epochs;${EPOCHS}" own_images.html "Images of one's own"
  "The example `own_images` reads a folder of pictures for each class, here digits that lamina drew.")
report(numbers tests/lamina_test_report_pages "." numbers.html "Numbers to predict" "A test writes this report of a regression.")
report(several_labels tests/lamina_test_report_pages "." several_labels.html "Several labels for each sample"
  "A test writes this report of a network whose samples have several labels at once.")
report(diverged tests/lamina_test_report_pages "." diverged.html "A training that diverged"
  "A test writes this report of a run whose loss became no number.")
if(gallery STREQUAL "")
  set(gallery "
    There are none yet: the examples are not built. `cmake --build build` builds them; then make the site again.\n")
endif()
string(APPEND made "/** @page gallery Reports
    @tableofcontents
    Each report is one HTML file that needs no other file and runs no script. These were written when this site was made.
    @ref guide_report \"Reports and plots\" tells how a program writes one.
${gallery} */\n")
