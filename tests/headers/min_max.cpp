// Windows headers define min and max as macros: names that are asked for are protected. What is not lamina comes first.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <complex>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <ranges>
#include <set>
#include <sstream>
#include <thread>
#include <unsupported/Eigen/CXX11/Tensor>
#include <variant>

#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#include <lamina/all.hpp>

int main() {}
