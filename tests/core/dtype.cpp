#include <cstdint>
#include <lamina/core/dtype.hpp>

#include "../catch.hpp"

using namespace lamina;

TEST_CASE("types of numbers are called as safetensors calls them") {
  STATIC_REQUIRE(detail::dtype_of<float>() == "F32");
  STATIC_REQUIRE(detail::dtype_of<double>() == "F64");
  STATIC_REQUIRE(detail::dtype_of<std::int64_t>() == "I64");
}
