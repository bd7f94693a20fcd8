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
#include "checkpoint_parts.hpp"
#include "history.hpp"

namespace LAMINA_NAMESPACE::detail {

/// An archive that copies a run's state part by part: into a Checkpoint, which then refers to the run's numbers, or out of
/// one, into another run. The same code does both, so that everything that is kept is also restored. A checkpoint must have
/// exactly the parts that are asked for; otherwise it throws DataError.
class RunArchive {
 public:
  explicit RunArchive(Checkpoint& to) : to_(&to) {}
  explicit RunArchive(const Checkpoint& from) : from_(&from) {}

  bool reads() const { return from_; }

  /// Returns whether a part of this name exists or will be written.
  [[gnu::cold]] bool has(std::string_view name) const;

  /// Carries a tensor of so many bytes.
  [[gnu::cold]] void numbers(const std::string& name, std::string_view dtype, const std::vector<std::uint64_t>& shape,
                             std::span<std::byte> place);

  /// Carries a single number.
  void number(const char* name, double& place) {
    numbers(name, dtype_of<double>(), {}, std::as_writable_bytes(std::span(&place, 1)));
  }
  void number(const char* name, Index& place) {
    numbers(name, dtype_of<Index>(), {}, std::as_writable_bytes(std::span(&place, 1)));
  }

  /// Carries a count, or nothing.
  void number(const char* name, std::optional<Index>& place);

  /// Carries one number of each epoch.
  [[gnu::cold]] void column(const char* name, std::span<EpochRecord> epochs, FunctionRef<double&(EpochRecord&)> place);

  /// Throws DataError unless the checkpoint has so many numbers under this name. Call it before allocating room for them.
  void expect_column(const char* name, Index size) const {
    if (reads()) expect(name, dtype_of<double>(), {static_cast<std::uint64_t>(size)});
  }

  /// Throws DataError if the checkpoint has further parts.
  void end() const;

  /// Throws DataError, which says that a checkpoint is damaged.
  [[noreturn]] [[gnu::cold]] void refuse(const std::string& why) const;

 private:
  [[gnu::cold]] const Checkpoint::Part& expect(const std::string& name, std::string_view dtype,
                                            const std::vector<std::uint64_t>& shape) const;

  Checkpoint* to_ = nullptr;
  const Checkpoint* from_ = nullptr;
  std::size_t taken_ = 0;  // number of parts that were read
  std::deque<Index> counts_;  // numbers that parts refer to while they are kept
  std::deque<std::vector<double>> columns_;
};

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/run_archive.ipp"
#endif
