// Checks for NaN would be removed.
// flag: -ffinite-math-only
// expect: add -fno-fast-math behind
#include <lamina/core/shape.hpp>

int main() { return lamina::Shape{1}.size() == 1 ? 0 : 1; }
