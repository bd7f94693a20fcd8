#include <lamina/core/function_ref.hpp>

#include "../catch.hpp"

using namespace lamina;

namespace {

int twice(detail::FunctionRef<int(int)> function, int x) { return function(function(x)); }

struct Counter {
  int calls = 0;
  int operator()(int x) { return x + ++calls; }
};

}  // namespace

TEST_CASE("A FunctionRef calls what it refers to and keeps no copy of it") {
  Counter counter;
  CHECK(twice(counter, 10) == 13);
  CHECK(counter.calls == 2);
}

TEST_CASE("A FunctionRef refers to a temporary and to a constant for as long as the call lasts") {
  const int factor = 3;
  const auto multiply = [&](int x) { return factor * x; };
  CHECK(twice(multiply, 2) == 18);
  CHECK(twice([](int x) { return x - 1; }, 2) == 0);
}

TEST_CASE("A FunctionRef hands references through, arguments and result") {
  int mine = 1, other = 5;
  const auto larger = [](int& a, int& b) -> int& { return a > b ? a : b; };
  const detail::FunctionRef<int&(int&, int&)> function = larger;
  function(mine, other) = 7;
  CHECK(other == 7);
}

TEST_CASE("A copy of a FunctionRef refers to the function, not to the first FunctionRef") {
  const auto add = [](int x) { return x + 1; };
  detail::FunctionRef<int(int)> first = add;
  const detail::FunctionRef<int(int)> second = first;
  const auto none = [](int) { return 0; };
  first = none;
  CHECK(first(1) == 0);
  CHECK(second(1) == 2);
}
