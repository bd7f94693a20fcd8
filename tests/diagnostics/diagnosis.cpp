#include "../catch.hpp"
#include "findings.hpp"

using namespace lamina;

TEST_CASE("a diagnosis is printed finding by finding, and nothing is printed of a healthy one") {
  Diagnosis diagnosis;
  CHECK(diagnosis.healthy());
  std::ostringstream out;
  out << diagnosis;
  CHECK(out.str().empty());
  diagnosis.findings = {{Severity::error, "is broken", "layer 3", "Mend it."},
                        {Severity::warning, "is old", "data", "Renew it."}};
  CHECK(!diagnosis.healthy());
  out << diagnosis;
  CHECK(out.str() == "error: layer 3: is broken\n  Mend it.\nwarning: data: is old\n  Renew it.\n");
}

TEST_CASE("a report says where, and lists of samples stay short") {
  CHECK(found([](const detail::Report& report) { report.at("there").error("a", "b"); }) == "error: there: a\n  b\n");
  CHECK(found([](const detail::Report& report) { report.warning("a", "b"); }) == "warning: here: a\n  b\n");
  CHECK(detail::few({5, 17, 40}) == "5, 17, 40");
  CHECK(detail::few(std::vector<Index>(12, 1)) == "1, 1, 1, 1, 1, 1, 1, 1, 1, 1 and 2 more");
  CHECK(detail::samples_are(1) == "1 sample is");
  CHECK(detail::samples_are(3) == "3 samples are");
}

TEST_CASE("names in findings move no cursor") {
  Diagnosis diagnosis;
  diagnosis.findings = {{Severity::error, "class \x1b[31mcat\n is rare", "set \xE9", "Add \u202E."}};
  std::ostringstream out;
  out << diagnosis;
  CHECK(out.str() == "error: set \\xe9: class \\x1b[31mcat\\n is rare\n  Add \\u202e.\n");
}
