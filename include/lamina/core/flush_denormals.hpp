#pragma once

#include <cstdint>

#include "config.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A scope in which this thread treats numbers too small to be normal (below 1.2e-38 in float) as 0, as operands and as
/// results. An optimizer's moments of a weight without gradient decay into this range, where some processors are a
/// hundred times slower. The destructor restores the thread's mode. It works on x86-64 (MXCSR: FTZ, DAZ) and aarch64
/// (FPCR: FZ); elsewhere it does nothing.
class FlushDenormals {
 public:
  FlushDenormals() : before_(mode()) {
    if ((before_ & flush) != flush) set_mode(before_ | flush);
  }
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;
  ~FlushDenormals() {
    if ((before_ & flush) != flush) set_mode(before_);
  }

 private:
#if defined(__x86_64__)
  using Mode = std::uint32_t;
  static constexpr Mode flush = 0x8040;
  static Mode mode() { return __builtin_ia32_stmxcsr(); }
  static void set_mode(Mode mode) { __builtin_ia32_ldmxcsr(mode); }
#elif defined(__aarch64__)
  using Mode = std::uint64_t;
  static constexpr Mode flush = Mode{1} << 24;
  static Mode mode() {
    Mode mode;
    asm volatile("mrs %0, fpcr" : "=r"(mode));
    return mode;
  }
  static void set_mode(Mode mode) { asm volatile("msr fpcr, %0" : : "r"(mode) : "memory"); }
#else
  using Mode = std::uint32_t;
  static constexpr Mode flush = 0;
  static Mode mode() { return 0; }
  static void set_mode(Mode) {}
#endif

  Mode before_;
};

}  // namespace lamina::detail
