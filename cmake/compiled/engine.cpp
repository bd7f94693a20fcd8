#include <lamina/impl/compiled_engine.ipp>
