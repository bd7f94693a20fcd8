#include <lamina/impl/compiled_files.ipp>
