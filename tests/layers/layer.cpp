#include <lamina/layers/layer.hpp>

#include "../catch.hpp"

using namespace lamina;

TEST_CASE("workers take turns: the i-th thing is the i-th worker's, round and round") {
  for (const Index workers : {1, 2, 3})
    for (Index worker = 0; worker < workers; ++worker) {
      Turns turns{.worker = worker, .workers = workers};
      for (Index thing = 0; thing < 7; ++thing) CHECK(turns.mine() == (thing % workers == worker));
    }
}
