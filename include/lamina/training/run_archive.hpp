#pragma once

#include <cstddef>
#include <cstring>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/dtype.hpp"
#include "../core/error.hpp"
#include "../core/function_ref.hpp"
#include "history.hpp"
#include "kept_parts.hpp"

namespace LAMINA_NAMESPACE::detail {

/// What a run's state is carried with, part by part: into a KeptRun, which then refers to the numbers where they are, or
/// out of one, into the places of another run. One walk over the state serves both, so that nothing is kept that is not
/// taken back. A kept run's parts must be those that are asked for and no others; throws DataError otherwise.
class RunArchive {
 public:
  explicit RunArchive(KeptRun& to) : to_(&to) {}
  explicit RunArchive(const KeptRun& from) : from_(&from) {}

  bool reads() const { return from_; }

  /// Returns whether there is a part of this name, or is going to be.
  [[gnu::cold]] bool has(std::string_view name) const;

  /// A tensor of so many bytes.
  [[gnu::cold]] void numbers(const std::string& name, std::string_view dtype, const std::vector<std::uint64_t>& shape,
                             std::span<std::byte> place);

  /// A single number.
  void number(const char* name, double& place) {
    numbers(name, dtype_of<double>(), {}, std::as_writable_bytes(std::span(&place, 1)));
  }
  void number(const char* name, Index& place) {
    numbers(name, dtype_of<Index>(), {}, std::as_writable_bytes(std::span(&place, 1)));
  }

  /// A count, or nothing.
  void number(const char* name, std::optional<Index>& place);

  /// One number of each epoch.
  [[gnu::cold]] void column(const char* name, std::span<EpochRecord> epochs, FunctionRef<double&(EpochRecord&)> place);

  /// So many numbers are to come under this name: whoever makes room for what a kept run announces asks first.
  void expect_column(const char* name, Index size) const {
    if (reads()) expect(name, dtype_of<double>(), {static_cast<std::uint64_t>(size)});
  }

  /// Nothing more is asked for.
  void end() const;

  /// Says that a kept run cannot be what it claims.
  [[noreturn]] [[gnu::cold]] void refuse(const std::string& why) const;

 private:
  [[gnu::cold]] const KeptRun::Part& expect(const std::string& name, std::string_view dtype,
                                            const std::vector<std::uint64_t>& shape) const;

  KeptRun* to_ = nullptr;
  const KeptRun* from_ = nullptr;
  std::size_t taken_ = 0;  // how many parts have been
  std::deque<Index> counts_;  // what parts refer to while they are kept
  std::deque<std::vector<double>> columns_;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/run_archive.ipp"
#endif
