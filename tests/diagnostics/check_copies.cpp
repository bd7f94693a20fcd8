#include <lamina/diagnostics/check_copies.hpp>

#include "../catch.hpp"
#include "findings.hpp"

using namespace lamina;
using namespace lamina::detail;

namespace {

const std::vector<Fingerprint> prints{{1, false}, {2, false}, {3, true}, {1, false},
                                      {4, false}, {1, false}, {3, true}, {2, false}};

}  // namespace

TEST_CASE("blank samples, copies and copies with other labels are told apart") {
  const std::vector<std::int32_t> labels{0, 1, 0, 0, 0, 2, 0, 1};
  CHECK(found([&](const Report& report) { check_copies(prints, labels, report); }) ==
        "warning: here: 2 samples are blank, all values alike: 2, 6\n  Leave them out.\n"
        "warning: here: 2 samples are the same as one before: 3, 7\n  Leave them out: they count double, and may end "
        "up on both "
        "sides of a split.\n"
        "error: here: 1 sample is the same as one before but labelled otherwise: 5\n  One of the two labels is wrong: "
        "correct it, or "
        "leave both out.\n");
  CHECK(contains(found([&](const Report& report) { check_copies(prints, {}, report); }),
                 "3 samples are the same as one before: 3, 5, 7\n"));
  CHECK(found([&](const Report& report) { check_copies({{1, false}, {2, false}}, {}, report); }).empty());
}

TEST_CASE("samples of the second set that are in the first are found, blank ones left out") {
  CHECK(contains(found([&](const Report& report) {
                   look_at_leaks(prints, {{9, false}, {4, false}, {3, true}, {1, false}}, report);
                 }),
                 "error: here: 2 samples are in the training set, too: 1, 3\n"));
  CHECK(found([&](const Report& report) { look_at_leaks(prints, {{9, false}, {3, true}}, report); }).empty());
}
