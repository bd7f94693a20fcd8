# The site: made, read, and looked at. Once is enough: sanitizers have nothing to see there.
if(DEFINED lamina_build_docs AND NOT LAMINA_SANITIZE)
  set(pages "${CMAKE_CURRENT_BINARY_DIR}/docs")
  if(lamina_docs_missing)
    add_test(NAME docs/reference COMMAND "${CMAKE_COMMAND}" -E echo "skipped: docs/reference: there is no${lamina_docs_missing}")
    add_test(NAME docs/links COMMAND "${CMAKE_COMMAND}" -E echo "skipped: docs/links: there is no${lamina_docs_missing}")
    add_test(NAME docs/names COMMAND "${CMAKE_COMMAND}" -E echo "skipped: docs/names: there is no${lamina_docs_missing}")
    add_test(NAME docs/site COMMAND "${CMAKE_COMMAND}" -E echo "skipped: docs/site: there is no${lamina_docs_missing}")
  else()
    add_test(NAME docs/reference COMMAND ${lamina_build_docs} -DEPOCHS=2 "-DOUT=${pages}"
      -P "${CMAKE_CURRENT_SOURCE_DIR}/docs/check.cmake")
    add_test(NAME docs/links COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/docs/links.sh" "${pages}")
    add_test(NAME docs/names COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/docs/names.sh" "${pages}" "${PROJECT_SOURCE_DIR}/include")
    add_test(NAME docs/site COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/docs/chromium.sh" "${pages}")
    set_tests_properties(docs/reference PROPERTIES FIXTURES_SETUP lamina_docs)
    set_tests_properties(docs/links docs/names docs/site PROPERTIES FIXTURES_REQUIRED lamina_docs)
  endif()
  set_tests_properties(docs/reference docs/links docs/names docs/site PROPERTIES SKIP_REGULAR_EXPRESSION "${skip_line}")
endif()

# The openings of the documentation comments.
add_test(NAME docs/comments COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/docs/comments.sh" "${PROJECT_SOURCE_DIR}/include")
add_test(NAME docs/wrong_comments_are_seen COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/docs/wrong_comments.sh"
  "${CMAKE_CURRENT_BINARY_DIR}/wrong-comments")

# Every public name stands in a guide or an example.
file(GLOB_RECURSE lamina_pages CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/*.md" "${PROJECT_SOURCE_DIR}/examples/*.md"
  "${PROJECT_SOURCE_DIR}/examples/*.cpp" "${PROJECT_SOURCE_DIR}/examples/*.hpp")
add_test(NAME docs/public_names COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/docs/public_names.sh" "${PROJECT_SOURCE_DIR}/include"
  "${PROJECT_SOURCE_DIR}/README.md" ${lamina_pages})
add_test(NAME docs/hidden_names COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/docs/hidden_names.sh"
  "${CMAKE_CURRENT_BINARY_DIR}/hidden-names")
