#include <lamina/impl/compiled_kernels_float.ipp>
