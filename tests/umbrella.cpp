#if __has_include(<lamina/lamina.hpp>)
#include <lamina/all.hpp>
#endif
