#include <lamina/core/thread_pool.hpp>
#include <lamina/core/flush_denormals.hpp>
#include <limits>
#include <stdexcept>
#include <vector>

#include "../catch.hpp"

using namespace lamina;

namespace {

#if defined(__x86_64__) || defined(__aarch64__)
constexpr bool flushes = true;
#else
constexpr bool flushes = false;
#endif

/// The smallest normal number of a type times a half, computed here and now: a denormal number, or 0 where such are flushed.
template <typename T>
T too_small() {
  const volatile T least = std::numeric_limits<T>::min(), half = T(0.5);
  return least * half;
}

/// A denormal number times 2²⁰: 0 where such are taken for 0.
template <typename T>
T from_too_small() {
  const volatile T denormal = std::numeric_limits<T>::denorm_min() * 1024, factor = T(1 << 20);
  return denormal * factor;
}

}  // namespace

TEMPLATE_TEST_CASE("denormal results and operands are 0 while they are flushed, and only then", "", float, double) {
  using T = TestType;
  CHECK(too_small<T>() > 0);
  CHECK(from_too_small<T>() > 0);
  {
    const detail::FlushDenormals outer;
    {
      const detail::FlushDenormals inner;
      CHECK((too_small<T>() == 0) == flushes);
    }
    CHECK((too_small<T>() == 0) == flushes);
    CHECK((from_too_small<T>() == 0) == flushes);
  }
  CHECK(too_small<T>() > 0);
  CHECK(from_too_small<T>() > 0);
}

TEST_CASE(
    "every worker of a thread pool flushes denormal numbers, and the caller has its mode back, also after an exception") {
  for (const Index size : {1, 3}) {
    ThreadPool thread_pool(size);
    std::vector<float> results(static_cast<std::size_t>(size), 1);
    thread_pool.run([&](Index worker) { results[static_cast<std::size_t>(worker)] = too_small<float>(); });
    for (const float result : results) CHECK((result == 0) == flushes);
    CHECK(too_small<float>() > 0);
    CHECK_THROWS_AS(thread_pool.run([](Index) { throw std::runtime_error("no more"); }), std::runtime_error);
    CHECK(too_small<float>() > 0);
  }
}
