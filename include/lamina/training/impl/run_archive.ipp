#pragma once

#include "../run_archive.hpp"

#include <algorithm>

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC bool RunArchive::has(std::string_view name) const {
  const auto same = [&](const Checkpoint::Part& part) { return part.name == name; };
  return !reads() || std::any_of(from_->parts.begin(), from_->parts.end(), same);
}

LAMINA_FUNC void RunArchive::numbers(const std::string& name, std::string_view dtype,
                                     const std::vector<std::uint64_t>& shape, std::span<std::byte> place) {
  if (reads()) {
    const auto from = expect(name, dtype, shape).numbers;
    if (!from.empty()) std::memcpy(place.data(), from.data(), from.size());
    ++taken_;
    return;
  }
  to_->parts.push_back({name, std::string(dtype), shape, place});
}

LAMINA_FUNC void RunArchive::number(const char* name, std::optional<Index>& place) {
  Index& count = counts_.emplace_back(place.value_or(-1));
  number(name, count);
  if (reads()) place = count >= 0 ? std::optional(count) : std::nullopt;
}

LAMINA_FUNC void RunArchive::column(const char* name, std::span<EpochRecord> epochs,
                                    FunctionRef<double&(EpochRecord&)> place) {
  const std::vector<std::uint64_t> shape{epochs.size()};
  if (reads()) expect(name, dtype_of<double>(), shape);
  std::vector<double>& numbers = columns_.emplace_back(epochs.size());
  if (!reads())
    for (std::size_t i = 0; i < epochs.size(); ++i) numbers[i] = place(epochs[i]);
  this->numbers(name, dtype_of<double>(), shape, std::as_writable_bytes(std::span(numbers)));
  if (reads())
    for (std::size_t i = 0; i < epochs.size(); ++i) place(epochs[i]) = numbers[i];
}

LAMINA_FUNC void RunArchive::end() const {
  if (reads() && taken_ != from_->parts.size())
    refuse(str_cat("has ", from_->parts.size() - taken_, " parts that no run of this kind has"));
}

LAMINA_FUNC void RunArchive::refuse(const std::string& why) const {
  throw DataError(str_cat(from_->origin, ": is damaged: ", why));
}

LAMINA_FUNC const Checkpoint::Part& RunArchive::expect(const std::string& name, std::string_view dtype,
                                                    const std::vector<std::uint64_t>& shape) const {
  if (taken_ == from_->parts.size()) refuse("has no " + name);
  const auto same = [&](const Checkpoint::Part& part) { return part.name == name; };
  const auto likely = from_->parts.begin() + static_cast<std::ptrdiff_t>(taken_);  // in the order in which they were written
  auto place = std::find_if(likely, from_->parts.end(), same);
  if (place == from_->parts.end()) {
    place = std::find_if(from_->parts.begin(), likely, same);
    if (place == likely) refuse("has no " + name);
  }
  const Checkpoint::Part& part = *place;
  if (part.dtype != dtype || part.shape != shape)
    refuse(str_cat("expects ", name, " as ", dtype, " ", format_shape(shape), " but got ", part.dtype, " ",
                   format_shape(part.shape)));
  return part;
}

}  // namespace lamina::detail
