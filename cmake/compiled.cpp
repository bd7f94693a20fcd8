#include <lamina/kernels/compiled.hpp>
