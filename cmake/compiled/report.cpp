#include <lamina/impl/compiled_report.ipp>
