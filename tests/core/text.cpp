#include <cstdint>
#include <lamina/core/text.hpp>
#include <limits>
#include <vector>

#include "../catch.hpp"

using namespace lamina;

TEST_CASE("counts have their thousands set apart, negative ones too") {
  CHECK(format_count(0) == "0");
  CHECK(format_count(999) == "999");
  CHECK(format_count(1000) == "1,000");
  CHECK(format_count(9912) == "9,912");
  CHECK(format_count(61706) == "61,706");
  CHECK(format_count(100000) == "100,000");
  CHECK(format_count(1234567890) == "1,234,567,890");
  CHECK(format_count(-999) == "-999");
  CHECK(format_count(-123456) == "-123,456");
}

TEST_CASE("extents stand in parentheses, and of overly many only the first") {
  CHECK(detail::format_shape(std::vector<Index>{}) == "()");
  CHECK(detail::format_shape(std::vector<Index>{7}) == "(7)");
  CHECK(detail::format_shape(std::vector<std::uint64_t>{6, 1, 5, 18446744073709551615u}) == "(6, 1, 5, 18446744073709551615)");
  CHECK(detail::format_shape(std::vector<Index>(16, 1)) == "(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)");
  CHECK(detail::format_shape(std::vector<Index>(17, 1)) == "(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, ...)");
}

TEST_CASE("values have four digits behind the point, and an exponent where those would hide them") {
  CHECK(format_fixed(0.99125, 2) == "0.99");
  CHECK(format_value(0.29814) == "0.2981");
  CHECK(format_value(0) == "0.0000");
  CHECK(format_value(1e-3) == "0.0010");
  CHECK(format_value(2.5e-4) == "2.5000e-04");
  CHECK(format_value(-2.5e-4) == "-2.5000e-04");
  CHECK(format_value(2345.5) == "2345.5000");
  CHECK(format_value(1e30) == "1.0000e+30");
  CHECK(format_value(std::numeric_limits<double>::quiet_NaN()) == "nan");
  CHECK(format_value(std::numeric_limits<double>::infinity()) == "inf");
}

TEST_CASE("durations carry into the next unit when they are rounded") {
  CHECK(detail::format_duration(0) == "0s");
  CHECK(detail::format_duration(4.4) == "4s");
  CHECK(detail::format_duration(59.4) == "59s");
  CHECK(detail::format_duration(59.6) == "1m00s");
  CHECK(detail::format_duration(63) == "1m03s");
  CHECK(detail::format_duration(3599.6) == "1h00m");
  CHECK(detail::format_duration(7500) == "2h05m");
  CHECK(detail::format_duration(-1) == "0s");
  CHECK(detail::format_duration(std::numeric_limits<double>::quiet_NaN()) == "0s");
  CHECK(detail::format_duration(std::numeric_limits<double>::infinity()) == "277777h46m");
}

TEST_CASE("the time of a step takes the unit that suits it") {
  CHECK(detail::format_step_time(0) == "0us/step");
  CHECK(detail::format_step_time(12.3e-6) == "12us/step");
  CHECK(detail::format_step_time(999.7e-6) == "1ms/step");
  CHECK(detail::format_step_time(5.2e-3) == "5ms/step");
  CHECK(detail::format_step_time(0.9997) == "1s/step");
  CHECK(detail::format_step_time(3.2) == "3s/step");
}

TEST_CASE("fields are measured in code points, not in bytes") {
  CHECK(display_width("Vögel") == 5);
  CHECK(display_width("━━▀") == 3);
  CHECK(align_right("Vögel", 7) == "  Vögel");
  CHECK(align_left("Vögel", 7) == "Vögel  ");
  CHECK(align_right("too long", 3) == "too long");
}
