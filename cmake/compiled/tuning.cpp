#include <lamina/impl/compiled_tuning.ipp>
