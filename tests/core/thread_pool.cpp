#include <lamina/core/random.hpp>
#include <lamina/core/thread_pool.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "../catch.hpp"

#if !defined(_WIN32)
#include "../forked.hpp"
#include "../sanitizers.hpp"
#endif

using namespace lamina;

namespace {

/// Processor time of all threads of this process, in seconds.
double processor_time() { return static_cast<double>(std::clock()) / static_cast<double>(CLOCKS_PER_SEC); }

}  // namespace

TEST_CASE("a task runs once per worker, and every run sees what the runs before it wrote") {
  for (const Index size : {1, 2, 3, 4, 7}) {
    ThreadPool thread_pool(size);
    CHECK(thread_pool.size() == size);
    std::vector<Index> calls(static_cast<std::size_t>(size)), right(static_cast<std::size_t>(size));  // not atomic:
    for (Index round = 1; round <= 300; ++round) {                                                   // run() puts things in order
      thread_pool.run([&](Index worker) { ++calls[static_cast<std::size_t>(worker)]; });
      thread_pool.run([&](Index worker) {
        right[static_cast<std::size_t>(worker)] += calls[static_cast<std::size_t>((worker + 1) % size)] == round;
      });
    }
    CHECK(calls == std::vector<Index>(static_cast<std::size_t>(size), 300));
    CHECK(right == calls);
  }
}

TEST_CASE("each worker has a thread of its own, the caller's is the first, and they stay the same") {
  ThreadPool thread_pool(3);
  std::vector<std::thread::id> first(3), later(3);
  thread_pool.run([&](Index worker) { first[static_cast<std::size_t>(worker)] = std::this_thread::get_id(); });
  thread_pool.run([&](Index worker) { later[static_cast<std::size_t>(worker)] = std::this_thread::get_id(); });
  CHECK(first == later);
  CHECK(first[0] == std::this_thread::get_id());
  CHECK(std::set<std::thread::id>(first.begin(), first.end()).size() == 3);
}

TEST_CASE("workers run at the same time: each waits for all the others") {
  ThreadPool thread_pool(4);
  std::atomic<int> arrived{0};
  thread_pool.run([&](Index) {
    ++arrived;
    while (arrived < 4) std::this_thread::yield();
  });
  CHECK(arrived == 4);
}

TEST_CASE("what a worker throws reaches the caller after all are done, and the thread pool goes on") {
  for (const Index size : {1, 2, 4})
    for (Index thrower = 0; thrower < size; ++thrower) {
      ThreadPool thread_pool(size);
      std::atomic<Index> done{0};
      std::string text;
      try {
        thread_pool.run([&](Index worker) {
          if (worker == thrower) throw std::runtime_error("worker " + std::to_string(worker));
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
          ++done;
        });
      } catch (const std::runtime_error& error) {
        text = error.what();
      }
      CHECK(text == "worker " + std::to_string(thrower));
      CHECK(done == size - 1);
      CHECK_NOTHROW(thread_pool.run([&](Index) { ++done; }));
      CHECK(done == 2 * size - 1);
    }
}

TEST_CASE("of several workers that throw, the first one's exception is the caller's, whoever was faster") {
  ThreadPool thread_pool(4);
  for (int round = 0; round < 50; ++round) {
    std::string text;
    try {
      thread_pool.run([&](Index worker) {
        if (worker == 0) return;
        if (worker == 1) std::this_thread::sleep_for(std::chrono::microseconds(200));
        throw std::to_string(worker);
      });
    } catch (const std::string& thrown) {
      text = thrown;
    }
    CHECK(text == "1");
  }
}

TEST_CASE("a task may be const, a temporary or a named function object") {
  struct Count {
    std::atomic<int>* sum;
    void operator()(Index worker) const { *sum += static_cast<int>(worker) + 1; }
  };
  ThreadPool thread_pool(2);
  std::atomic<int> sum{0};
  const Count constant{&sum};
  Count named{&sum};
  thread_pool.run(constant);
  thread_pool.run(named);
  thread_pool.run(Count{&sum});
  CHECK(sum == 9);
}

TEST_CASE("an idle thread pool sleeps: it takes no processor time") {
  ThreadPool thread_pool(4);
  thread_pool.run([](Index) {});
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // the spinning before the sleep
  const double before = processor_time();
  std::this_thread::sleep_for(std::chrono::milliseconds(400));
  CHECK(processor_time() - before < 0.05);
}

TEST_CASE("who waits for a slow worker sleeps, too") {
  ThreadPool thread_pool(2);
  const double before = processor_time();
  thread_pool.run([](Index worker) {
    if (worker == 1) std::this_thread::sleep_for(std::chrono::milliseconds(400));
  });
  CHECK(processor_time() - before < 0.1);
}

TEST_CASE("a thread that falls asleep just as a task begins wakes, though the caller's earlier writes are still on their way") {
  // Writes that miss the caches delay the caller's word that a task has begun. A worker falls asleep some 40 µs after the
  // last task; when that word could be missed, a thread pool hung once in some hundred thousand such rounds.
  std::vector<char> cold(std::size_t{256} << 20);
  Rng rng(1);
  ThreadPool thread_pool(2);
  Index calls = 0, rounds = 0;
  const auto now = [] { return std::chrono::steady_clock::now(); };
  for (const auto end = now() + std::chrono::milliseconds(1500); now() < end; ++rounds) {
    const auto next = now() + std::chrono::nanoseconds(20'000 + static_cast<Index>(rng.uniform() * 30'000));
    while (now() < next) {}
    for (int i = 0; i < 60; ++i) cold[static_cast<std::size_t>(rng.uniform() * static_cast<double>(cold.size() - 1))] = 1;
    thread_pool.run([&](Index worker) {
      if (worker == 1) ++calls;
    });
  }
  CHECK(calls == rounds);
}

TEST_CASE("thread pools that were never used, or used once, end") {
  for (int round = 0; round < 200; ++round) {
    ThreadPool unused(3);
    ThreadPool used(2);
    used.run([](Index) {});
  }
  SUCCEED();
}

TEST_CASE("a thread pool below one is refused") {
  CHECK_THROWS_AS(ThreadPool(0), OptionError);
  CHECK_THROWS_WITH(ThreadPool(-2), "ThreadPool: expects a size of at least 1 but got -2");
}

TEST_CASE("a pool that is started when needed has no threads before a task needs them") {
  const auto count = [] {
    Index threads = 0;
    std::error_code none;
    for ([[maybe_unused]] const auto& thread : std::filesystem::directory_iterator("/proc/self/task", none)) ++threads;
    return threads;
  };
  const Index before = count();
  const auto thread_pool = ThreadPool::started_when_needed(4);
  CHECK(thread_pool->size() == 4);
  thread_pool->parallel_for(1, [](Index, Index) {});
  CHECK(count() == before);
  std::atomic<int> calls{0};
  thread_pool->parallel_for(9, [&](Index, Index) { ++calls; });
  CHECK(calls == 9);
  if (before > 0) CHECK(count() == before + 3);
  thread_pool->run([&](Index) { ++calls; });
  CHECK(calls == 13);
}

TEST_CASE("ranges are shared where there are enough numbers, and make up the whole") {
  ThreadPool thread_pool{3};
  for (ThreadPool* pool : {static_cast<ThreadPool*>(nullptr), &thread_pool})
    for (const Index n : {0, 1, 2, 1000})
      for (const Index numbers : {10, 100'000, 1'000'000}) {
        std::vector<std::atomic<int>> seen(static_cast<std::size_t>(n));
        std::atomic<Index> ranges{0};
        detail::share_range(pool, n, numbers, [&](Index first, Index last) {
          ++ranges;
          for (Index i = first; i < last; ++i) ++seen[static_cast<std::size_t>(i)];
        });
        CHECK(std::all_of(seen.begin(), seen.end(), [](const auto& times) { return times == 1; }));
        CHECK(ranges == (pool && numbers > 10 ? std::clamp<Index>(n, 1, 3) : 1));
      }
}

TEST_CASE("a process can run at least one thread, and no more than it has processors") {
  const Index all = hardware_threads();
  CHECK(all >= 1);
  CHECK(all <= std::thread::hardware_concurrency());
#if defined(__linux__)
  Index bound = 0;
  std::thread([&] {
    cpu_set_t one;
    ::sched_getaffinity(0, sizeof(one), &one);
    for (std::size_t cpu = 0, kept = 0; cpu < CPU_SETSIZE; ++cpu)
      if (CPU_ISSET(cpu, &one) && kept++ > 0) CPU_CLR(cpu, &one);
    if (::sched_setaffinity(0, sizeof(one), &one) == 0) bound = hardware_threads();
  }).join();
  CHECK(bound == 1);
#endif
}

TEST_CASE("parts are shared out: each is done once, by one worker at a time, and every task sees what those before it wrote") {
  for (const Index size : {1, 2, 3, 5})
    for (const Index parts : {0, 1, 2, 7, 64}) {
      ThreadPool thread_pool(size);
      std::vector<Index> calls(static_cast<std::size_t>(parts)), runs(static_cast<std::size_t>(size));
      std::vector<std::atomic<int>> at_work(static_cast<std::size_t>(size));
      std::atomic<int> twice{0};
      for (Index round = 1; round <= 200; ++round) {
        thread_pool.parallel_for(parts, [&](Index worker, Index part) {
          twice += at_work[static_cast<std::size_t>(worker)]++;
          ++calls[static_cast<std::size_t>(part)];
          --at_work[static_cast<std::size_t>(worker)];
        });
        if (round % 3 == 0) thread_pool.run([&](Index worker) { ++runs[static_cast<std::size_t>(worker)]; });
      }
      CHECK(calls == std::vector<Index>(static_cast<std::size_t>(parts), 200));
      CHECK(runs == std::vector<Index>(static_cast<std::size_t>(size), 66));
      CHECK(twice == 0);
    }
}

TEST_CASE("a worker that is slow is left to its part while the others do the rest") {
  ThreadPool thread_pool(3);
  std::vector<std::atomic<int>> parts_of(3);
  std::atomic<int> done{0};
  thread_pool.parallel_for(60, [&](Index worker, Index part) {
    ++parts_of[static_cast<std::size_t>(worker)];
    if (part == 0)
      while (done < 59) std::this_thread::yield();  // the first part ends when all others have
    else
      ++done;
  });
  CHECK(done == 59);
  CHECK(parts_of[0] + parts_of[1] + parts_of[2] == 60);
}

TEST_CASE("of several parts that throw, the first one's exception is the caller's when all are done, and the thread pool goes on") {
  for (const Index size : {1, 2, 4})
    for (int round = 0; round < 20; ++round) {
      ThreadPool thread_pool(size);
      std::atomic<int> done{0};
      std::string text;
      try {
        thread_pool.parallel_for(16, [&](Index, Index part) {
          ++done;
          if (part % 4 == 3) throw std::runtime_error("part " + std::to_string(part));
        });
      } catch (const std::runtime_error& error) {
        text = error.what();
      }
      CHECK(text == "part 3");
      CHECK(done == 16);
      CHECK_NOTHROW(thread_pool.parallel_for(16, [&](Index, Index) { ++done; }));
      CHECK_NOTHROW(thread_pool.run([&](Index) { ++done; }));
      CHECK(done == 32 + size);
    }
}

#if !defined(_WIN32)

TEST_CASE("a process that was forked is told that it lacks the thread pool's threads, and the thread pool ends there") {
  for (const bool busy_before : {false, true}) {
    std::optional<ThreadPool> thread_pool(8), alone(1);
    if (busy_before) thread_pool->run([](Index) {});
    const std::string told = forked([&]() -> std::string {
      int done = 0;
      const auto refused = [&](auto task) -> std::string {
        try {
          task();
          return "nothing was refused";
        } catch (const OptionError& error) {
          return error.what();
        }
      };
      const std::string run = refused([&] { thread_pool->run([&](Index) { ++done; }); });
      const std::string share = refused([&] { thread_pool->parallel_for(7, [&](Index, Index) { ++done; }); });
      thread_pool.reset();
      if (done > 0) return "something was done";
      alone->run([&](Index) { ++done; });
      if (!thread_sanitizer) {  // it lets no copy of a process with threads start new ones
        for (Index i = 0; i < 50; ++i) {
          ThreadPool own(1 + i % 9);
          own.run([](Index) {});
          own.parallel_for(5, [](Index, Index) {});
        }
      }
      return done == 1 && run == share ? run : run + share;
    });
    CHECK(told.starts_with("ThreadPool: its 7 threads are in process " + std::to_string(getpid()) + " but this is process "));
    CHECK(told.ends_with(", a copy that was forked without them; make the Trainer, Predictor or ThreadPool after the fork"));
    std::atomic<int> done{0};
    thread_pool->run([&](Index) { ++done; });  // here nothing is changed
    CHECK(done == 8);
  }
}

TEST_CASE("a thread pool that is made in a copy of a copy serves it") {
  if (thread_sanitizer) return;
  ThreadPool first(2);
  CHECK(forked([&]() -> std::string {
          ThreadPool second(2);
          second.run([](Index) {});
          return forked([&]() -> std::string {
            ThreadPool third(2);
            third.run([](Index) {});
            try {
              second.run([](Index) {});
            } catch (const OptionError&) {
              return "served";
            }
            return "second";
          });
        }) == "served");
}

#endif
