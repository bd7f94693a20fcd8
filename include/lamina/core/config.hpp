#pragma once

/// @file
/// The two ways to compile lamina, and the name that tells them apart.
///
/// By default everything is in headers: each `.hpp` includes its definitions, `impl/<thing>.ipp`. If LAMINA_COMPILED is
/// defined, headers only declare. All code that does not depend on the user's types is then in one library: the CMake
/// target lamina::compiled, or one source file that includes lamina/compiled.hpp. All files of a program must agree.
///
/// The name of the inline namespace contains the version and the mode. Files compiled in different modes therefore share
/// no definition, and a call from one to the other does not link.
///
/// A file that includes lamina cannot be compiled with -ffast-math, -Ofast or -ffinite-math-only. They let the compiler
/// assume that no number is NaN or infinite, which would disable checks. The flags -fassociative-math, -freciprocal-math,
/// -fno-signed-zeros and -fno-trapping-math are harmless: the kernels are compiled without them, and elsewhere only the
/// last bit may change.

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "lamina tells numbers from NaN and infinity: add -fno-fast-math behind -ffast-math, -Ofast or -ffinite-math-only for the files that include it"
#endif

#ifdef LAMINA_COMPILED_KERNELS
#error "LAMINA_COMPILED_KERNELS is now LAMINA_COMPILED: define that in all files, and include <lamina/compiled.hpp> in one"
#endif

#ifdef LAMINA_COMPILED
#define LAMINA_NAMESPACE lamina::inline v0_1_compiled
#define LAMINA_FUNC
#else
#define LAMINA_NAMESPACE lamina::inline v0_1
#define LAMINA_FUNC inline
#endif
