#include <lamina/lamina.hpp>

lamina::Shape<2> shape_from_the_other_file() { return lamina::Shape{2, 3}; }
