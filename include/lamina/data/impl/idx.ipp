#pragma once

#include "../idx.hpp"

#include "../../core/text.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC std::ostream& operator<<(std::ostream& out, IdxType type) {
  const char kind = type == IdxType::u8 ? 'u' : type == IdxType::f32 || type == IdxType::f64 ? 'f' : 'i';
  return out << kind << 8 * detail::idx_size(type);
}

LAMINA_FUNC void Idx::check(IdxType wanted, int axes) const {
  if (type != wanted || static_cast<int>(extents.size()) != axes)
    throw DataError(str_cat(name, ": expects ", wanted, " values of ", axes, " axes but got ", type, " values of ",
                            extents.size(), " axes"));
}

LAMINA_FUNC std::vector<std::byte> detail::idx_header(IdxType type, std::span<const Index> extents) {
  std::vector<std::byte> bytes{std::byte{0}, std::byte{0}, static_cast<std::byte>(type),
                               static_cast<std::byte>(extents.size())};
  for (const Index extent : extents) {
    if (extent > Index{(std::numeric_limits<std::uint32_t>::max)()})
      throw DataError(str_cat("format_idx: expects extents of less than 2^32 but got ", detail::format_shape(extents)));
    append_big_endian(bytes, static_cast<std::uint32_t>(extent));
  }
  return bytes;
}

LAMINA_FUNC Idx parse_idx(std::span<const std::byte> bytes, std::string_view name) {
  const auto refuse = [&](const auto&... why) { throw DataError(str_cat(name, ": ", why...)); };
  const auto at = [&](std::size_t place) { return place < bytes.size() ? std::to_integer<int>(bytes[place]) : 0; };
  if (bytes.empty()) refuse("expects an IDX file but it is empty; fetch it again");
  if (at(0) == 0x1F && at(1) == 0x8B)
    refuse("is compressed by gzip; unpack it (gunzip ", name, "), or read it with Gunzip{} of lamina/data/gzip.hpp");
  if (at(0) != 0 || at(1) != 0)
    refuse("is not an IDX file, which begins with two bytes of 0; it begins with ", at(0), " and ", at(1));
  if (bytes.size() < 4)
    refuse("is truncated: an IDX file begins with 4 bytes but it has ", bytes.size(), "; fetch it again");

  Idx idx{static_cast<IdxType>(at(2)), {}, {}, std::string(name)};
  const std::size_t axes = static_cast<std::size_t>(at(3)), header = 4 + 4 * axes, width = detail::idx_size(idx.type);
  if (width == 0) refuse("is not an IDX file: its type is ", at(2), ", which IDX does not know");
  if (axes < 1 || axes > std::size_t{detail::idx_axes}) refuse("expects 1 to ", detail::idx_axes, " axes but got ", axes);
  if (bytes.size() < header)
    refuse("is truncated: a header of ", axes, " axes has ", header, " bytes but it has ", bytes.size(),
           "; fetch it again");

  for (std::size_t place = 4; place < header; place += 4)
    idx.extents.push_back(static_cast<Index>(detail::big_endian<std::uint32_t>(bytes.data() + place)));
  const std::uint64_t needed = detail::idx_bytes(idx.extents, width);
  if (needed == detail::too_many)
    refuse("promises more values than any file can hold; it is damaged or not an IDX file");
  idx.values = bytes.subspan(header);
  if (idx.values.size() != needed)
    refuse(idx.values.size() < needed ? "is truncated" : "is too long", ": its header promises ", needed,
           " bytes of values but it has ", idx.values.size(), "; fetch it again");
  return idx;
}

}  // namespace lamina
