#include <lamina/impl/compiled_core.ipp>
