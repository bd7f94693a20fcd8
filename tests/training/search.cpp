#include <lamina/training/search.hpp>

#include <map>
#include <mutex>
#include <set>
#include <sstream>

#include <lamina/models/network.hpp>

#include "../catch.hpp"
#include "small.hpp"

using namespace small;

namespace {

/// 0, 1, … count − 1 as the setting "v".
std::vector<TrialSettings> numbered(Index count) {
  std::vector<double> values;
  for (Index i = 0; i < count; ++i) values.push_back(static_cast<double>(i));
  return grid_settings({{"v", values}});
}

std::string text(const SearchResult& result) {
  std::ostringstream out;
  out << result;
  return out.str();
}

std::vector<Index> numbers_of(const SearchResult& result) {
  std::vector<Index> all;
  for (const auto& entry : result.ranked) all.push_back(entry.number);
  return all;
}

}  // namespace

TEST_CASE("successive halving gives every trial the first round, and a third of each round the next") {
  std::mutex mutex;
  std::map<Index, std::vector<Index>> runs;  // of each number of epochs, the trials
  const auto run = [&](const Trial& trial) {
    const std::lock_guard lock(mutex);
    runs[trial.epochs].push_back(trial.number);
    return trial.epochs == 1 ? trial.settings["v"] : -trial.settings["v"];  // at first the last look best, then the first
  };
  const auto found = halving_search(numbered(10), run, {.epochs = 9, .first_epochs = 1, .threads = 1});
  CHECK(runs == std::map<Index, std::vector<Index>>{{1, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}, {3, {9, 8, 7}}, {9, {7}}});
  CHECK(numbers_of(found) == std::vector<Index>{7, 8, 9, 6, 5, 4, 3, 2, 1, 0});
  CHECK(found.best().settings["v"] == 7);
  CHECK(found.best().score == -7);
  CHECK(found.best().epochs == 9);
  CHECK(found.epochs == 10 + 9 + 9);
  CHECK(found.untried == 0);
}

TEST_CASE("rounds are counted back from the last one, by the factor given") {
  const auto rounds = [](Index epochs, Index first, Index keep_one_in) {
    std::set<Index> all;
    halving_search(numbered(40), [&](const Trial& trial) {
             all.insert(trial.epochs);
             return 0.0;
           },
           {.epochs = epochs, .first_epochs = first, .keep_one_in = keep_one_in, .threads = 1});
    return std::vector<Index>(all.begin(), all.end());
  };
  CHECK(rounds(9, 1, 3) == std::vector<Index>{1, 3, 9});
  CHECK(rounds(10, 1, 3) == std::vector<Index>{1, 3, 10});
  CHECK(rounds(10, 2, 2) == std::vector<Index>{2, 5, 10});
  CHECK(rounds(10, 6, 2) == std::vector<Index>{10});
  CHECK(rounds(10, 10, 2) == std::vector<Index>{10});
}

TEST_CASE("a budget is not exceeded, used as far as it goes, and what it leaves untried is told") {
  Index spent = 0;
  const auto run = [&](const Trial& trial) {
    spent += trial.epochs;
    return trial.settings["v"];
  };
  for (const Index budget : {13, 14, 27, 30, 100, 1000}) {
    spent = 0;
    const auto found = halving_search(numbered(27), run, {.epochs = 9, .first_epochs = 1, .budget = budget, .threads = 1});
    CAPTURE(budget);
    CHECK(spent <= budget);
    CHECK(found.epochs == spent);
    CHECK(std::ssize(found.ranked) + found.untried == 27);
    if (found.untried == 0) continue;
    const auto trials = std::ssize(found.ranked) + 1;  // one more would have cost
    const auto second = std::max<Index>(trials / 3, 1), third = std::max<Index>(second / 3, 1);
    CHECK(trials + 3 * second + 9 * third > budget);
  }
  CHECK(halving_search(numbered(27), run, {.epochs = 9, .first_epochs = 1, .budget = 1000, .threads = 1}).untried == 0);
  CHECK(refusal<OptionError>([&] { halving_search(numbered(2), run, {.epochs = 9, .first_epochs = 1, .budget = 12}); }) ==
        "halving_search: expects a budget of at least the epochs of one trial but got 12");
}

TEST_CASE("a trial that throws, or has no finite score, is told in the table and ends nothing but itself") {
  const auto run = [](const Trial& trial) -> double {
    switch (trial.number) {
      case 0: throw std::runtime_error("out of luck");
      case 1: throw 7;
      case 2: return std::nan("");
      case 3: return trial.epochs > 1 ? throw DataError("later") : 100;
      default: return trial.settings["v"];
    }
  };
  for (const Index threads : {1, 3}) {
    const auto found = halving_search(numbered(6), run, {.epochs = 2, .first_epochs = 1, .keep_one_in = 2, .threads = threads});
    CHECK(text(found) ==
          "rank  trial  epochs       score  settings\n"
          "   1      5       2      5.0000  v 5\n"
          "   2      4       2      4.0000  v 4\n"
          "   –      0       1      failed  v 0: out of luck\n"
          "   –      1       1      failed  v 1: an exception that is not a std::exception\n"
          "   –      2       1      failed  v 2: its score is not finite: nan\n"
          "   –      3       2      failed  v 3: later\n"
          "12 epochs\n");
  }
}

TEST_CASE("a search whose later rounds fail falls back on the scores it has, and one without any says why") {
  const auto later = halving_search(numbered(9), [](const Trial& trial) {
    if (trial.epochs > 1) throw DataError("later");
    return trial.settings["v"];
  }, {.epochs = 9, .first_epochs = 1, .threads = 1});
  CHECK(later.best().number == 5);  // 6, 7 and 8 went on
  CHECK(later.best().epochs == 1);
  CHECK(later.epochs == 9 + 9);     // and nobody to the last round
  const auto failed = halving_search(numbered(2), [](const Trial&) -> double { throw DataError("no data"); });
  CHECK(refusal<DataError>([&] { failed.best(); }) == "halving_search: no trial gave a score: no data");
  const auto nothing = halving_search({}, [](const Trial&) { return 0.0; });
  CHECK(nothing.ranked.empty());
  CHECK(refusal<DataError>([&] { nothing.best(); }) == "halving_search: there are no settings to try");
}

TEST_CASE("every trial is told of as it ends, with its rank so far, and every round's table") {
  std::ostringstream out;
  halving_search(numbered(3), [](const Trial& trial) { return trial.settings["v"]; },
         {.epochs = 2, .first_epochs = 1, .keep_one_in = 2, .threads = 1, .out = &out});
  CHECK(out.str() ==
        "   1/3  trial 0, epochs 1: score 0.0000, rank 1  (v 0; 0s)\n"
        "   2/3  trial 1, epochs 1: score 1.0000, rank 1  (v 1; 0s)\n"
        "   3/3  trial 2, epochs 1: score 2.0000, rank 1  (v 2; 0s)\n"
        "rank  trial  epochs       score  settings\n"
        "   1      2       1      2.0000  v 2\n"
        "   2      1       1      1.0000  v 1\n"
        "   3      0       1      0.0000  v 0\n"
        "3 epochs\n"
        "   1/1  trial 2, epochs 2: score 2.0000, rank 1  (v 2; 0s)\n"
        "rank  trial  epochs       score  settings\n"
        "   1      2       2      2.0000  v 2\n"
        "   2      1       1      1.0000  v 1\n"
        "   3      0       1      0.0000  v 0\n"
        "5 epochs\n");
}

TEST_CASE("equal scores are ranked by number, and trials may use the threads that others leave") {
  std::mutex mutex;
  std::map<Index, std::set<Index>> threads;
  std::set<std::uint64_t> seeds;
  const auto run = [&](const Trial& trial) {
    const std::lock_guard lock(mutex);
    threads[trial.epochs].insert(trial.threads);
    Rng rng = trial.rng;
    seeds.insert(rng());
    return 1.0;
  };
  const auto found =
      halving_search(numbered(4), run, {.epochs = 4, .first_epochs = 1, .keep_one_in = 4, .seed = 3, .threads = 4});
  CHECK(numbers_of(found) == std::vector<Index>{0, 1, 2, 3});
  CHECK(threads == std::map<Index, std::set<Index>>{{1, {1}}, {4, {4}}});
  CHECK(seeds.size() == 4);  // the last round draws what the first drew
}

TEST_CASE("a search for a network's depth and rate is the same for any number of threads, and finds what learns") {
  const auto train = bars(80), validation = bars(60, 5);
  const auto run = [&](const Trial& trial) {
    Network layers{Flatten{}};
    for (Index i = 0; i < trial.settings.whole("depth"); ++i) {
      layers.push_back(Dense{.units = 8});
      layers.push_back(ReLU{});
    }
    layers.push_back(Dense{.units = classes});
    Model model{layers, image, trial.rng};
    Trainer{SoftmaxCrossEntropy{}, SGD{.learning_rate = trial.settings["rate"]}}.fit(
        model, train, {.epochs = trial.epochs, .batch_size = 8, .threads = trial.threads});
    return evaluate(model, validation, {.threads = trial.threads}).accuracy;
  };
  const auto grid = grid_settings({{"depth", {0, 1, 2}}, {"rate", {0.1, 0.00001, 1e300}}});
  const auto found = halving_search(grid, run, {.epochs = 18, .first_epochs = 6, .seed = 1, .threads = 1});
  CHECK(found.best().settings["rate"] == 0.1);
  CHECK(found.best().score > 0.6);
  CHECK(found.ranked.back().failure.find("stopped being finite") != std::string::npos);
  for (const Index threads : {2, 4})
    CHECK(text(halving_search(grid, run, {.epochs = 18, .first_epochs = 6, .seed = 1, .threads = threads})) == text(found));
  CHECK(text(halving_search(grid, run, {.epochs = 18, .first_epochs = 6, .seed = 2, .threads = 2})) != text(found));
}

TEST_CASE("a search refuses options that cannot be") {
  const auto refused = [](const SearchOptions& options) {
    return refusal<OptionError>([&] { halving_search(numbered(2), [](const Trial&) { return 0.0; }, options); });
  };
  CHECK(refused({.epochs = 0}) == "halving_search: expects epochs of at least 1 but got 0");
  CHECK(refused({.threads = 0}) == "halving_search: expects threads of at least 1 but got 0");
  CHECK(refused({.first_epochs = 0}) == "halving_search: expects first_epochs of at least 1 but got 0");
  CHECK(refused({.epochs = 3, .first_epochs = 4}) == "halving_search: expects first_epochs of at most .epochs, 3, but got 4");
  CHECK(refused({.keep_one_in = 1}) == "halving_search: expects keep_one_in of at least 2 but got 1");
}
