# Makes the reference and reads it: nothing to warn of, the path on the first page, a page for every header, equations as
# they stand in the headers, nothing from the network.
#   cmake <what cmake/docs/build.cmake wants> -P check.cmake
cmake_minimum_required(VERSION 3.23)
include("${CMAKE_CURRENT_LIST_DIR}/../../cmake/docs/build.cmake")
set(faults "")

# Each version of Doxygen finds something else to warn of.
execute_process(COMMAND "${DOXYGEN}" --version OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE)
if(warnings AND version VERSION_LESS 1.9.5)
  list(APPEND faults "Doxygen warns (see above)")
endif()

# expect(<page> <text>...)
function(expect page)
  set(text "")
  if(EXISTS "${OUT}/html/${page}")
    file(READ "${OUT}/html/${page}" text)
  endif()
  foreach(wanted IN LISTS ARGN)
    string(FIND "${text}" "${wanted}" place)
    if(place LESS 0)
      list(APPEND faults "${page} does not hold: ${wanted}")
    endif()
  endforeach()
  set(faults "${faults}" PARENT_SCOPE)
endfunction()

expect(index.html "A backward pass by hand" "\\(J\\)" "\\frac{\\partial J}{\\partial x_i}" "quotients w1 (3, 3)"
       "(N, 14, 14, 6)" "conv_8hpp.html" "mathjax/MathJax.js")
expect(structlamina_1_1BasicConv.html "<pre class=\"fragment\">  y[n,p,q,k] = b[k] + Σ_{r,s,c} x[n, p·stride + r − padding, q·stride + s − padding, c]"
       "<pre class=\"fragment\">  dw_r = Σ_{n,p} X_{p·stride + r}ᵀ · dy[n,p]" "filters" "<p>K. </p>")
expect(structlamina_1_1BasicDense.html "∂f/∂w[u,f] = Σ_n dy[n,u]·x[n,f]" "<pre class=\"fragment\">  y = x · wᵀ + b")
expect(structlamina_1_1Pool.html "<pre class=\"fragment\">  y[n,p,q,c] = reduce")
expect(structlamina_1_1SoftmaxCrossEntropy.html "∂ℓ/∂z[k] = a[k]·Σⱼ y[j] − y[k] = a[k] − y[k]")
expect(conceptlamina_1_1Layer.html "backward(p, x, y, dy, ws, dx, dp)")
expect(group__layers.html "ReLU" "BasicConv" "Softmax")

file(GLOB_RECURSE headers RELATIVE "${SOURCE}/include" "${SOURCE}/include/*.hpp")
list(LENGTH headers count)
if(count LESS 100)
  list(APPEND faults "only ${count} headers were found")
endif()
set(titles "")
file(GLOB pages "${OUT}/html/*_8hpp.html")
foreach(page IN LISTS pages)
  file(STRINGS "${page}" title REGEX "<title>" ENCODING UTF-8)
  string(APPEND titles "${title}\n")
endforeach()
foreach(header IN LISTS headers)
  string(FIND "${titles}" ": ${header} File Reference" place)
  if(place LESS 0)
    list(APPEND faults "${header} has no page")
  endif()
endforeach()

# Headers declare, so files of definitions have no page; and the inline namespace is no part of a name.
file(GLOB pages RELATIVE "${OUT}/html" "${OUT}/html/*_8ipp*" "${OUT}/html/*lamina_1_1v0*" "${OUT}/html/*LAMINA*")
foreach(page IN LISTS pages)
  list(APPEND faults "there should be no ${page}")
endforeach()

file(STRINGS "${OUT}/html/index.html" remote REGEX "(src|href)=\"(https?:)?//[^\"]*\\.(js|css)")
if(remote)
  list(APPEND faults "index.html loads from the network: ${remote}")
endif()

if(faults)
  list(JOIN faults "\n  " faults)
  message(FATAL_ERROR "the reference is not as it should be:\n  ${faults}")
endif()
message(STATUS "the reference is as it should be: ${count} headers")
