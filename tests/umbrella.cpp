#if __has_include(<lamina/lamina.hpp>)
#include <lamina/lamina.hpp>
#endif
