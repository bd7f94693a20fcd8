#include <lamina/data/gzip.hpp>
#include <lamina/lamina.hpp>

int main() { return lamina::Shape{2, 3}.size() == 6 ? 0 : 1; }
