#include <lamina/impl/compiled_training.ipp>
