#include <lamina/training/run_concurrently.hpp>

#include <stdexcept>
#include <vector>

#include "../catch.hpp"

using namespace lamina;

TEST_CASE("every task is done once, whatever the threads, which are shared out among the tasks at work") {
  for (const Index count : {0, 1, 2, 7})
    for (const Index threads : {1, 2, 3, 8}) {
      std::vector<int> done(static_cast<std::size_t>(count), 0);
      std::vector<Index> given(done.size(), 0);
      detail::run_concurrently(count, threads, [&](Index i, Index own) {
        ++done[static_cast<std::size_t>(i)];
        given[static_cast<std::size_t>(i)] = own;
      });
      CAPTURE(count, threads);
      CHECK(done == std::vector<int>(done.size(), 1));
      CHECK(given ==
            std::vector<Index>(done.size(), count == 0 ? 0 : std::max<Index>(1, threads / std::min(count, threads))));
    }
}

TEST_CASE("what a task throws reaches the caller, and no task begins after it") {
  for (const Index threads : {1, 2}) {
    std::atomic<int> begun{0};
    CHECK_THROWS_AS(detail::run_concurrently(1000, threads,
                                         [&](Index i, Index) {
                                           ++begun;
                                           if (i == 3) throw std::runtime_error("three");
                                         }),
                    std::runtime_error);
    if (threads == 1) CHECK(begun == 4);
    CHECK(begun >= 4);
  }
}
