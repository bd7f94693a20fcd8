#pragma once

#include <algorithm>
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
#include "../core/text.hpp"
#include "history.hpp"
#include "kept_parts.hpp"

namespace lamina::detail {

/// What a run's state is carried with, part by part: into a KeptRun, which then refers to the numbers where they are, or
/// out of one, into the places of another run. One walk over the state serves both, so that nothing is kept that is not
/// taken back. A kept run's parts must be those that are asked for and no others; throws DataError otherwise.
class RunArchive {
 public:
  explicit RunArchive(KeptRun& to) : to_(&to) {}
  explicit RunArchive(const KeptRun& from) : from_(&from) {}

  bool reads() const { return from_; }

  /// A tensor of so many bytes.
  [[gnu::cold]] void numbers(const std::string& name, std::string_view dtype, const std::vector<std::uint64_t>& shape,
                             std::span<std::byte> place) {
    if (reads()) {
      const auto from = expect(name, dtype, shape).numbers;
      if (!from.empty()) std::memcpy(place.data(), from.data(), from.size());
      ++taken_;
      return;
    }
    to_->parts.push_back({name, std::string(dtype), shape, place});
  }

  /// A single number.
  void number(const char* name, double& place) {
    numbers(name, dtype_of<double>(), {}, std::as_writable_bytes(std::span(&place, 1)));
  }
  void number(const char* name, Index& place) {
    numbers(name, dtype_of<Index>(), {}, std::as_writable_bytes(std::span(&place, 1)));
  }

  /// A count, or nothing.
  void number(const char* name, std::optional<Index>& place) {
    Index& count = counts_.emplace_back(place.value_or(-1));
    number(name, count);
    if (reads()) place = count >= 0 ? std::optional(count) : std::nullopt;
  }

  /// One number of each epoch.
  [[gnu::cold]] void column(const char* name, std::span<EpochRecord> epochs, double& (*place)(EpochRecord&)) {
    const std::vector<std::uint64_t> shape{epochs.size()};
    if (reads()) expect(name, dtype_of<double>(), shape);
    std::vector<double>& numbers = columns_.emplace_back(epochs.size());
    if (!reads())
      for (std::size_t i = 0; i < epochs.size(); ++i) numbers[i] = place(epochs[i]);
    this->numbers(name, dtype_of<double>(), shape, std::as_writable_bytes(std::span(numbers)));
    if (reads())
      for (std::size_t i = 0; i < epochs.size(); ++i) place(epochs[i]) = numbers[i];
  }

  /// So many numbers are to come under this name: whoever makes room for what a kept run announces asks first.
  void expect_column(const char* name, Index size) const {
    if (reads()) expect(name, dtype_of<double>(), {static_cast<std::uint64_t>(size)});
  }

  /// Nothing more is asked for.
  void end() const {
    if (reads() && taken_ != from_->parts.size())
      refuse(message("has ", from_->parts.size() - taken_, " parts that no run of this kind has"));
  }

  /// Says that a kept run cannot be what it claims.
  [[noreturn]] [[gnu::cold]] void refuse(const std::string& why) const {
    throw DataError(message(from_->origin, ": is damaged: ", why));
  }

 private:
  [[gnu::cold]] const KeptRun::Part& expect(const std::string& name, std::string_view dtype,
                                            const std::vector<std::uint64_t>& shape) const {
    if (taken_ == from_->parts.size()) refuse("has no " + name);
    const auto same = [&](const KeptRun::Part& part) { return part.name == name; };
    const auto likely = from_->parts.begin() + static_cast<std::ptrdiff_t>(taken_);  // as they were written
    auto place = std::find_if(likely, from_->parts.end(), same);
    if (place == from_->parts.end()) {
      place = std::find_if(from_->parts.begin(), likely, same);
      if (place == likely) refuse("has no " + name);
    }
    const KeptRun::Part& part = *place;
    if (part.dtype != dtype || part.shape != shape)
      refuse(message("expects ", name, " as ", dtype, " ", format_shape(shape), " but got ", part.dtype, " ",
                     format_shape(part.shape)));
    return part;
  }

  KeptRun* to_ = nullptr;
  const KeptRun* from_ = nullptr;
  std::size_t taken_ = 0;  // how many parts have been
  std::deque<Index> counts_;  // what parts refer to while they are kept
  std::deque<std::vector<double>> columns_;
};

}  // namespace lamina::detail
