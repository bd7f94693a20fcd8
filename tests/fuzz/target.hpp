#pragma once

// What a fuzz target is. Each file in targets/ makes one known, with what it reads first, and has a dictionary beside it:
// targets/<name>.cpp and targets/<name>.dict are all that there is to a new one.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>

namespace fuzz {

using Bytes = std::vector<std::byte>;

struct Target {
  const char* name;
  void (*read)(std::span<const std::byte> file);  ///< lamina::DataError is a refusal, whatever else it throws a finding
  std::size_t (*memory)(std::size_t size);        ///< the most bytes that reading a file of this size may hold at a time
  std::vector<Bytes> (*seeds)();                  ///< files to begin with
};

/// Those that are linked into this program.
inline std::vector<Target>& targets() {
  static std::vector<Target> all;
  return all;
}
struct Known {
  explicit Known(const Target& target) { targets().push_back(target); }
};

/// Reads one file, within the memory allowed; whether it was not refused. Ends the program where more memory is held; what is
/// no refusal is thrown on.
bool run(const Target& target, std::span<const std::byte> file);

/// Reads a file in one of several ways; refused is what is refused in all of them.
template <typename... Ways>
void read_in_any_way(const Ways&... ways) {
  std::size_t refused = 0;
  const auto attempt = [&](const auto& way) {
    try {
      way();
    } catch (const lamina::DataError&) {
      if (++refused == sizeof...(ways)) throw;
    }
  };
  (attempt(ways), ...);
}

/// Something that holds for whatever was read. Ends the program where it does not.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "finding: %s\n", what);
  std::abort();
}

inline std::string_view text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes bytes(std::string_view text) {
  const auto* const first = reinterpret_cast<const std::byte*>(text.data());
  return {first, first + text.size()};
}
template <typename Array>
Bytes bytes_of(const Array& numbers) {
  Bytes made;
  for (const auto number : numbers) made.push_back(static_cast<std::byte>(number));
  return made;
}

}  // namespace fuzz
