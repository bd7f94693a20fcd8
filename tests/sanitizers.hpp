#pragma once

#if defined(__has_feature)
#define LAMINA_TEST_HAS(feature) __has_feature(feature)
#else
#define LAMINA_TEST_HAS(feature) 0
#endif

/// Whether this was compiled with g++'s or clang's address or thread sanitizer.
#if defined(__SANITIZE_ADDRESS__) || LAMINA_TEST_HAS(address_sanitizer)
inline constexpr bool address_sanitizer = true;
#else
inline constexpr bool address_sanitizer = false;
#endif
#if defined(__SANITIZE_THREAD__) || LAMINA_TEST_HAS(thread_sanitizer)
inline constexpr bool thread_sanitizer = true;
#else
inline constexpr bool thread_sanitizer = false;
#endif

#undef LAMINA_TEST_HAS
