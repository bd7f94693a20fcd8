#include <lamina/impl/compiled_kernels_double.ipp>
