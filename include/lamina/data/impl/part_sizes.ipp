#pragma once

#include "../part_sizes.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC Shares::Shares(const std::vector<Index>& class_sizes, const std::vector<Index>& part_sizes)
    : lacking_(part_sizes),
      table_(class_sizes.size(), std::vector<Index>(part_sizes.size())),
      may_(table_),
      extra_(table_) {
  const Index N = std::accumulate(class_sizes.begin(), class_sizes.end(), Index{0});
  std::vector<Index> class_lacking = class_sizes;
  for (std::size_t c = 0; c < class_sizes.size(); ++c)
    for (std::size_t p = 0; p < part_sizes.size() && N > 0; ++p) {
      table_[c][p] = class_sizes[c] * part_sizes[p] / N;
      may_[c][p] = class_sizes[c] * part_sizes[p] % N > 0;
      class_lacking[c] -= table_[c][p];
      lacking_[p] -= table_[c][p];
    }
  for (std::size_t c = 0; c < class_sizes.size(); ++c)
    for (; class_lacking[c] > 0; --class_lacking[c]) {
      seen_.assign(part_sizes.size(), false);
      place(c);
    }
}

LAMINA_FUNC std::vector<std::vector<Index>> Shares::table() const {
  std::vector<std::vector<Index>> result = table_;
  for (std::size_t c = 0; c < result.size(); ++c)
    for (std::size_t p = 0; p < result[c].size(); ++p) result[c][p] += extra_[c][p];
  return result;
}

LAMINA_FUNC bool Shares::place(std::size_t c) {
  for (std::size_t p = 0; p < lacking_.size(); ++p) {
    if (!may_[c][p] || extra_[c][p] || seen_[p]) continue;
    seen_[p] = true;
    if (!make_room(p)) continue;
    extra_[c][p] = 1;
    return true;
  }
  return false;
}

LAMINA_FUNC bool Shares::make_room(std::size_t p) {
  if (lacking_[p] > 0) {
    --lacking_[p];
    return true;
  }
  for (std::size_t c = 0; c < extra_.size(); ++c)
    if (extra_[c][p] && place(c)) {
      extra_[c][p] = 0;
      return true;
    }
  return false;
}

LAMINA_FUNC std::vector<std::vector<Index>> shares(const std::vector<Index>& class_sizes,
                                                   const std::vector<Index>& part_sizes) {
  return Shares(class_sizes, part_sizes).table();
}

}  // namespace lamina::detail
