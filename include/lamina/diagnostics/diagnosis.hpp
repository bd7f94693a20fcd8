#pragma once

#include <cstdint>
#include <iterator>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/shape.hpp"

namespace LAMINA_NAMESPACE {

/// The severity of a finding: with a warning results will suffer, with an error they cannot be right.
enum class Severity { warning, error };

/// A problem, its place, and a remedy, in plain words.
struct Finding {
  Severity severity = Severity::warning;
  std::string what, where, remedy;
};

/// A sample whose label is probably wrong, and the class that it looks like.
struct Suspect {
  Index sample = 0;
  std::int32_t label = 0, likely = 0;
  double probability = 0;  // of the likely class
};

/// The result of `diagnose`. It prints as a paragraph per finding, and as nothing if there are none.
struct Diagnosis {
  std::vector<Finding> findings{};  // errors first
  std::vector<Suspect> suspects{};  // labels that are probably wrong, the surest first; a few may be right but ambiguous

  bool healthy() const { return findings.empty(); }
};

/// Prints a diagnosis:
///
///   error: training set: 3 of 64 samples are not finite numbers: 5, 17, 40
///     Correct them or leave them out.
std::ostream& operator<<(std::ostream& out, const Diagnosis& diagnosis);

namespace detail {

/// A collector of findings for one part of the data or of the network.
class Report {
 public:
  Report(std::vector<Finding>& findings, std::string where) : findings_(&findings), where_(std::move(where)) {}

  void warning(std::string what, std::string remedy) const {
    add(Severity::warning, std::move(what), std::move(remedy));
  }
  void error(std::string what, std::string remedy) const { add(Severity::error, std::move(what), std::move(remedy)); }
  Report at(std::string where) const { return {*findings_, std::move(where)}; }

 private:
  void add(Severity severity, std::string what, std::string remedy) const {
    findings_->push_back({severity, std::move(what), where_, std::move(remedy)});
  }
  std::vector<Finding>* findings_;
  std::string where_;
};

/// Returns "5, 17, 40" and, if there are many, "and 12 more".
std::string few(const std::vector<Index>& numbers);

/// Returns "1 sample is" or "3 samples are".
std::string samples_are(std::size_t count);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/diagnosis.ipp"
#endif
