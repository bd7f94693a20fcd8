#include <lamina/impl/compiled_networks_float.ipp>
