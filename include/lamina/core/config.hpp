#pragma once

/// @file
/// The two ways to compile lamina, and the name that tells them apart.
///
/// By default everything is in headers: each `.hpp` includes its definitions, `impl/<thing>.ipp`. Where LAMINA_COMPILED is
/// defined, headers only declare, and one library holds what does not depend on a user's types: the CMake target
/// lamina::compiled, or one source file that includes lamina/compiled.hpp. All files of a program must agree.
///
/// The inline namespace names version and mode, so that files compiled in different modes share no definition, and what
/// would pass from one to the other does not link.
///
/// Flags that let a compiler assume that no number is NaN or infinite (-ffast-math, -Ofast, -ffinite-math-only) would disarm
/// checks: a file that includes lamina is not compiled with them. -fassociative-math, -freciprocal-math, -fno-signed-zeros
/// and -fno-trapping-math do no harm: the kernels are compiled without them, and elsewhere they change a last bit.

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
