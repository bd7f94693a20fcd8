// Which faults are on: none, or the one whose number the environment variable LAMINA_FAULT has. With LAMINA_FAULTS_SEEN,
// a file's name, the numbers of those that were come by are written to it at the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace lamina_faults {

inline constexpr int most = 4096;
enum : unsigned char { is_off, is_on, to_be_seen };
inline unsigned char state[most];
inline bool seen[most];

struct RunSetting {
  RunSetting() {
    if (const char* number = std::getenv("LAMINA_FAULT")) state[std::atoi(number)] = is_on;
    if (std::getenv("LAMINA_FAULTS_SEEN"))
      for (unsigned char& one : state) one = to_be_seen;
  }
  ~RunSetting() {
    const char* name = std::getenv("LAMINA_FAULTS_SEEN");
    std::FILE* file = name ? std::fopen(name, "w") : nullptr;
    if (!file) return;
    for (int i = 0; i < most; ++i)
      if (seen[i]) std::fprintf(file, "%d\n", i);
    std::fclose(file);
  }
};
inline const RunSetting setting;

inline __attribute__((noinline, cold)) bool look(int id) {
  if (state[id] == is_on) return true;
  seen[id] = true;
  state[id] = is_off;
  return false;
}
inline __attribute__((always_inline)) bool on(int id) { return state[id] != is_off && look(id); }

}  // namespace lamina_faults

namespace lamina {
#include "switched.inc"
}
