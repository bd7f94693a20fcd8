// IDX files: values of every type and number of axes come back as the bytes that they were read from.

#include <algorithm>

#include <lamina/data/idx.hpp>

#include "../target.hpp"

namespace {

using namespace lamina;

template <detail::IdxValue V, int Rank>
void check_tensor(const Idx& idx, std::span<const std::byte> file) {
  const auto written = format_idx(idx.tensor<V, Rank>());
  fuzz::require(std::ranges::equal(written, file), "an IDX file is not what was read from it");
}

template <detail::IdxValue V>
void check_values(const Idx& idx, std::span<const std::byte> file) {
  if (idx.type != detail::idx_type<V>) return;
  switch (idx.extents.size()) {
    case 1: return check_tensor<V, 1>(idx, file);
    case 2: return check_tensor<V, 2>(idx, file);
    case 3: return check_tensor<V, 3>(idx, file);
    default: return check_tensor<V, 4>(idx, file);
  }
}

void read(std::span<const std::byte> file) {
  const Idx idx = parse_idx(file, "x");
  check_values<std::uint8_t>(idx, file);
  check_values<std::int8_t>(idx, file);
  check_values<std::int16_t>(idx, file);
  check_values<std::int32_t>(idx, file);
  check_values<float>(idx, file);
  check_values<double>(idx, file);
}

template <detail::IdxValue V, int Rank>
fuzz::Bytes file_of(const Shape<Rank>& extents) {
  Tensor<V, Rank> x;
  reshape(x, extents);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<V>(i * 37 % 100);
  return format_idx(x);
}

std::vector<fuzz::Bytes> seeds() {
  return {
      file_of<std::uint8_t>(Shape{2, 3, 4}), file_of<std::uint8_t>(Shape{7}), file_of<std::int8_t>(Shape{1, 1, 2, 2}),
      file_of<std::int16_t>(Shape{3, 2}),    file_of<std::int32_t>(Shape{5}), file_of<float>(Shape{2, 2}),
      file_of<double>(Shape{0, 3})};
}

const fuzz::Known known({"idx", read, [](std::size_t size) { return 4 * size + 4096; }, seeds});

}  // namespace
