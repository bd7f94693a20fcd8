# Plants one wrong line at a time in a copy of the headers, and expects check.cmake to name it.
#
#   cmake -DINCLUDE_DIR=<folder with lamina/ in it> -DSCRATCH=<folder> -P tests/layering/plant.cmake
cmake_minimum_required(VERSION 3.23)

function(expect_error file line error)
  file(REMOVE_RECURSE "${SCRATCH}")
  file(COPY "${INCLUDE_DIR}/lamina" DESTINATION "${SCRATCH}")
  file(APPEND "${SCRATCH}/lamina/${file}" "\n${line}\n")
  execute_process(
    COMMAND "${CMAKE_COMMAND}" "-DINCLUDE_DIR=${SCRATCH}" -P "${CMAKE_CURRENT_LIST_DIR}/check.cmake"
    RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
  string(FIND "${output}" "${error}" place)
  if(code EQUAL 0 OR place EQUAL -1)
    message(FATAL_ERROR "planted ${line} in ${file} and expected \"${error}\" but got:\n${output}")
  endif()
endfunction()

expect_error(core/shape.hpp "#include \"../layers/dense.hpp\"" "core/shape.hpp: includes layers/dense.hpp")
expect_error(core/shape.hpp "#include <zlib.h>" "core/shape.hpp: includes <zlib.h>")
expect_error(kernels/planted.inc "#include \"../core/shape.hpp\"" "kernels/planted.inc: includes core/shape.hpp")
expect_error(kernels/planted.inc "#include <Eigen/Core>" "kernels/planted.inc: includes <Eigen/Core>")
expect_error(layers/dense.hpp "  # include \"../models/model.hpp\"" "layers/dense.hpp: includes models/model.hpp")
expect_error(layers/dense.hpp "#include <lamina/core/shape.hpp>" "layers/dense.hpp: includes <lamina/core/shape.hpp>")
expect_error(losses/planted.hpp "#include \"../models/model.hpp\"" "losses/planted.hpp: includes models/model.hpp")
expect_error(data/planted.hpp "#include <zlib.h>" "data/planted.hpp: includes <zlib.h>")
expect_error(mpi/group.hpp "#include <mpi.h>" "mpi/group.hpp: includes <mpi.h>")
expect_error(metrics/planted.hpp "" "all.hpp: does not reach metrics/planted.hpp")
expect_error(elsewhere/planted.hpp "#include \"../core/shape.hpp\"" "its module \"elsewhere\" is not in the table")
expect_error(lamina.hpp "#include \"layers/conv.hpp\"" "lamina.hpp: lists a header twice")
expect_error(losses/impl/planted.ipp "#include \"../../models/model.hpp\"" "losses/impl/planted.ipp: includes models/model.hpp")
expect_error(lamina.hpp "#include \"core/error.hpp\"" "lamina.hpp: is not in alphabetical order")
expect_error(lamina.hpp "#include \"data/gzip.hpp\"" "all.hpp: reaches data/gzip.hpp, an optional component")
file(REMOVE_RECURSE "${SCRATCH}")
