#include <lamina/core/error.hpp>

#include "../catch.hpp"

using namespace lamina;

TEST_CASE("a message is its parts one after another") {
  CHECK(str_cat("layer ", 7, ": expects ", 0.5, " but got ", 'x', std::string("!")) ==
        "layer 7: expects 0.5 but got x!");
  CHECK(str_cat("alone") == "alone");
}

TEST_CASE("errors are caught as what the standard library calls them") {
  CHECK_THROWS_AS(throw ShapeError("s"), std::invalid_argument);
  CHECK_THROWS_AS(throw OptionError("o"), std::invalid_argument);
  CHECK_THROWS_AS(throw DataError("d"), std::runtime_error);
  CHECK_THROWS_WITH(throw DataError("the text"), "the text");
}
