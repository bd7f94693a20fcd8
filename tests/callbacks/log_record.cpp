#include <cstdlib>
#include <lamina/callbacks/log_record.hpp>
#include <limits>

#include "../catch.hpp"
#include "logs.hpp"

using namespace lamina;

TEST_CASE("the shortest digits of a number give it back to the bit") {
  CHECK(detail::shortest(0.1) == "0.1");
  CHECK(detail::shortest(2.5e-7) == "2.5e-07");
  CHECK(detail::shortest(3) == "3");
  CHECK(detail::shortest(std::nan("")) == "nan");
  CHECK(detail::shortest(-std::numeric_limits<double>::infinity()) == "-inf");
  for (const double value :
       {1.0 / 3, std::numeric_limits<double>::max(), std::numeric_limits<double>::denorm_min(), -1e-300 / 7})
    CHECK(std::strtod(detail::shortest(value).c_str(), nullptr) == value);
}

TEST_CASE("records count epochs and batches from 1, and have no validation where there was none") {
  const auto epoch = detail::log_record(plain_epoch);
  CHECK((epoch[0].name == "epoch" && epoch[0].value == 1.0));
  CHECK((epoch[4].name == "validation_loss" && !epoch[4].value));
  CHECK(detail::log_record(judged_epoch)[4].value == 0.125);
  const auto batch = detail::log_record(a_batch);
  CHECK((batch[0].value == 2.0 && batch[1].name == "batch" && batch[1].value == 5.0));
}

TEST_CASE("lines are of epochs, of batches or of both, as asked") {
  const EpochEnd epoch{.record = plain_epoch};
  const auto has = [&](LogLines lines) {
    return std::pair(detail::has_line(lines, epoch), detail::has_line(lines, a_batch));
  };
  CHECK(has(LogLines::epochs) == std::pair(true, false));
  CHECK(has(LogLines::batches) == std::pair(false, true));
  CHECK(has(LogLines::both) == std::pair(true, true));
}
