// safetensors files: what is read is written and read again the same. The input is read as it is, and as the header alone,
// with the right length before it and as many numbers behind it as its first byte says.

#include <lamina/io/format_safetensors.hpp>
#include <lamina/io/safetensors.hpp>

#include "../target.hpp"

namespace {

using namespace lamina;

void check(std::span<const std::byte> file) {
  const detail::SafeTensors found = detail::parse_safetensors(file);
  const std::string header = detail::format_safetensors_header(found);
  fuzz::Bytes again = fuzz::bytes(header);
  again.insert(again.end(), file.begin() + static_cast<std::ptrdiff_t>(found.numbers), file.end());
  const detail::SafeTensors same = detail::parse_safetensors(again);
  fuzz::require(same.metadata == found.metadata && same.entries.size() == found.entries.size(),
                "not read again the same");
  for (std::size_t i = 0; i < found.entries.size(); ++i) {
    const auto &a = found.entries[i], &b = same.entries[i];
    fuzz::require(a.name == b.name && a.dtype == b.dtype && a.shape == b.shape && a.begin == b.begin && a.end == b.end,
                  "a tensor is not read again the same");
    fuzz::require(a.end <= file.size() - found.numbers, "a tensor ends behind its file");
  }
}

fuzz::Bytes file_of(std::string_view header, std::size_t numbers) {
  fuzz::Bytes file;
  for (int i = 0; i < 8; ++i) file.push_back(static_cast<std::byte>(std::uint64_t{header.size()} >> 8 * i & 0xFF));
  for (const char c : header) file.push_back(static_cast<std::byte>(c));
  file.resize(file.size() + numbers);
  return file;
}

void read(std::span<const std::byte> file) {
  fuzz::read_in_any_way([&] { check(file); },
                        [&] {
                          if (file.empty()) throw DataError("is empty");
                          check(file_of(fuzz::text(file.subspan(1)), std::to_integer<std::size_t>(file[0])));
                        });
}

std::vector<fuzz::Bytes> seeds() {
  const std::string two = R"({"__metadata__":{"format":"pt","\u00e9\n":"\ud83d\ude00"},"0.weight":{"dtype":"F32","shape":[2,1],)"
                          R"("data_offsets":[0,8]},"0.bias":{"dtype":"F64","shape":[],"data_offsets":[8,16]}})";
  const std::string empty = R"({"a":{"dtype":"BF16","shape":[0,3],"data_offsets":[0,0]}}   )";
  return {file_of(two, 16), file_of(empty, 0), file_of("{}", 0), fuzz::bytes("\x10" + two),
          fuzz::bytes(std::string(1, '\0') + empty)};
}

/// A name of two bytes, or a shape's digit and comma, take a few dozen while they are read.
const fuzz::Known known({"safetensors", read, [](std::size_t size) { return 64 * size + (std::size_t{1} << 15); },
                         seeds});

}  // namespace
