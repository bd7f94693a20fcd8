// Checks for NaN would be removed.
// flag: -ffast-math
// expect: add -fno-fast-math behind
#include <lamina/core/shape.hpp>

int main() { return lamina::Shape{1}.size() == 1 ? 0 : 1; }
