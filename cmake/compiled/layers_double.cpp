#include <lamina/impl/compiled_layers_double.ipp>
