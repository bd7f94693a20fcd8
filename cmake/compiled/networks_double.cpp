#include <lamina/impl/compiled_networks_double.ipp>
