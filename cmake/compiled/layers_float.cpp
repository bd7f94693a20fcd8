#include <lamina/impl/compiled_layers_float.ipp>
