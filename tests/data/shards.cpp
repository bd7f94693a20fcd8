#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <numeric>
#include <set>
#include <thread>

#include <lamina/data/batches.hpp>
#include <lamina/data/block_source.hpp>
#include <lamina/data/contact_sheet.hpp>
#include <lamina/data/measure_normalisation.hpp>
#include <lamina/data/splits.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "sharded.hpp"

using namespace sharded;

namespace {

constexpr std::size_t two_megabytes = std::size_t{2} << 20;

template <int Rank>
void check_same(const Dataset<Rank>& a, const Dataset<Rank>& b) {
  REQUIRE(a.size() == b.size());
  CHECK(a.sample_shape() == b.sample_shape());
  CHECK(a.holds_bytes() == b.holds_bytes());
  CHECK(a.classes() == b.classes());
  CHECK(a.class_names() == b.class_names());
  CHECK(a.labels() == b.labels());
  REQUIRE(shape(a.targets()) == shape(b.targets()));
  CHECK(std::equal(a.targets().data(), a.targets().data() + a.targets().size(), b.targets().data()));
  CHECK(a.normalisation().mean == b.normalisation().mean);
  CHECK(a.target_normalisation().deviation == b.target_normalisation().deviation);
  const auto n = static_cast<std::size_t>(a.sample_shape().size());
  bool equal = true;
  const auto compare = [&]<typename T>(T) {
    std::vector<T> x(n), y(n);
    for (Index i = 0; i < a.size(); ++i) {
      a.read(i, x.data()), b.read(i, y.data());
      equal = equal && x == y;
      a.read_plain(i, x.data()), b.read_plain(i, y.data());
      equal = equal && x == y;
    }
  };
  compare(0.0F);
  compare(0.0);
  CHECK(equal);
}

std::string why(const std::filesystem::path& folder) {
  return refusal<DataError>([&] { open_shards<3>(folder); });
}

/// A source whose blocks are numbers only. It counts how often they are brought, and how many are not dropped yet.
struct NoSource final : detail::BlockSource {
  NoSource(Index size, Index block, Index window)
      : BlockSource(size, block, window, window), held(static_cast<std::size_t>(blocks())) {}
  void copy(Index, std::byte*) const override {}
  void bring(Index block) const override {
    ++brought;
    const std::lock_guard lock(mutex);
    ++held[static_cast<std::size_t>(block)];
    most = std::max(most, std::accumulate(held.begin(), held.end(), 0));
  }
  void drop(Index block) const override {
    const std::lock_guard lock(mutex);
    --held[static_cast<std::size_t>(block)];
  }
  std::uint64_t digest() const override { return 0; }
  bool is_held(Index block) const {
    const std::lock_guard lock(mutex);
    return held[static_cast<std::size_t>(block)] > 0;
  }

  mutable std::atomic<Index> brought{0};
  mutable std::mutex mutex{};
  mutable std::vector<int> held;
  mutable int most = 0;
};

std::vector<Index> order_of(const detail::BlockView& view, std::uint64_t seed) {
  std::vector<Index> order(static_cast<std::size_t>(view.size()));
  view.source.draw_order(order, Rng(seed), view.chosen);
  return order;
}

}  // namespace

TEST_CASE("a data set comes back from its shards: bytes, class numbers, names, normalisation") {
  const Scratch scratch("shards");
  Dataset<3> data = pictures(431);
  data.normalise({.mean = {0.1, 0.2, 0.3}, .deviation = {1, 2, 3}});
  CHECK(write_shards(scratch.path / "a", data, {.shard_bytes = two_megabytes}) == 431);
  const Dataset<3> shards = open_shards<3>(scratch.path / "a");
  CHECK_FALSE(shards.is_in_memory());
  CHECK(shards.bytes().empty());
  check_same(data, shards);
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path / "a")) names.insert(entry.path().filename().string());
  CHECK(names == std::set<std::string>{"000000.shard", "000001.shard", "000002.shard", "dataset.index", "run.lock"});
}

TEST_CASE("rows of float and rows of targets come back from their shards") {
  const Scratch scratch("shards-rows");
  Dataset<1> data = rows(101);
  data.normalise_targets({.mean = {1, 2}, .deviation = {3, 4}});
  write_shards(scratch.path, data, {.shard_bytes = 20 * 17});
  check_same(data, open_shards<1>(scratch.path));
  CHECK(std::filesystem::exists(scratch.path / "000005.shard"));
  CHECK_FALSE(std::filesystem::exists(scratch.path / "000006.shard"));
}

TEST_CASE("a split, a subset, measured normalisation and a contact sheet of shards are those of memory") {
  const Scratch scratch("shards-parts");
  const Dataset<3> data = pictures(200);
  write_shards(scratch.path, data, {.shard_bytes = two_megabytes});
  const Dataset<3> shards = open_shards<3>(scratch.path);
  const auto [a, b] = split(data, Fractions{0.7, 0.3}, Rng{5});
  const auto [c, d] = split(shards, Fractions{0.7, 0.3}, Rng{5});
  check_same(a, c);
  check_same(b, d);
  const std::vector<Index> twice{3, 1, 1, 59};
  check_same(b.subset(twice), d.subset(twice));
  CHECK(d.subset({}).size() == 0);
  const auto in_memory = measure_normalisation(data), of_shards = measure_normalisation(shards);
  CHECK(in_memory.mean == of_shards.mean);
  CHECK(in_memory.deviation == of_shards.deviation);
  const auto sheet = contact_sheet(data, {}, {}), sheet_of_shards = contact_sheet(shards, {}, {});
  CHECK(std::equal(sheet.data(), sheet.data() + sheet.size(), sheet_of_shards.data()));
}

TEST_CASE("an order is that of memory if one window holds the set, and depends on the seed and the window alone") {
  for (const Index window : {3, 7, 100}) {
    const NoSource source(1000, 13, window);
    const detail::BlockView all{source, {}};
    const auto order = order_of(all, 4);
    CHECK(order == order_of(all, 4));
    CHECK(order != order_of(all, 5));
    CHECK((order == epoch_order(1000, Rng(4))) == (window == 100));
    auto sorted = order;
    std::sort(sorted.begin(), sorted.end());
    std::vector<Index> numbers(1000);
    std::iota(numbers.begin(), numbers.end(), Index{0});
    CHECK(sorted == numbers);
  }
}

TEST_CASE("no window uses more blocks than it may, and each block is in one window") {
  const NoSource source(1000, 13, 5);
  std::vector<Index> part;  // without some blocks, with gaps in others, in another order, one sample twice
  for (Index i = 999; i >= 0; --i)
    if (i / 13 % 4 != 0 && i % 3 != 0) part.push_back(i);
  part.push_back(part[7]);
  for (const detail::BlockView view : {detail::BlockView{source, {}}, detail::BlockView{source, part}}) {
    const auto order = order_of(view, 9);
    std::set<Index> window, before;
    Index changes = 0, descents = 0;
    for (std::size_t k = 0; k < order.size(); ++k) {
      const Index block = view.block_of(order[k]);
      REQUIRE(before.count(block) == 0);
      window.insert(block);
      if (window.size() > 5) {  // the first sample of the next window
        window.erase(block);
        before.merge(window);
        window = {block};
      }
      if (k > 0) changes += block != view.block_of(order[k - 1]), descents += order[k] < order[k - 1];
    }
    CHECK(changes > static_cast<Index>(order.size()) / 2);  // samples of a window are mixed,
    CHECK(descents > static_cast<Index>(order.size()) / 3);
    CHECK(*std::max_element(order.begin(), order.begin() + 60) > static_cast<Index>(order.size()) / 2);  // and so are blocks
  }
}

TEST_CASE("a thread brings the blocks of this window and the next, drops them, and keeps those of a set that fits") {
  for (const Index window : {5, 77}) {
    const NoSource source(1000, 13, window);  // 77 blocks
    {
      const auto ahead = source.read_ahead({});
      Index expected = 0;
      for (std::uint64_t epoch = 0; epoch < 4; ++epoch) {
        const auto order = order_of({source, {}}, epoch);
        for (std::size_t k = epoch == 0 ? 700 : 0; k < order.size(); k += 20) {  // the first epoch is the rest of one
          const auto rest = std::span<const Index>(order).subspan(k);
          ahead->expect(rest);
          // Waits until the blocks of these samples are brought, as it is never needed in training.
          for (const Index i : rest.first(20))
            for (int wait = 0; wait < 2000; ++wait) {
              if (source.is_held(i / 13)) break;
              REQUIRE(wait < 1999);
              std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
        }
        if (epoch == 1) expected = source.brought;
      }
      if (window == 77) CHECK(source.brought == expected);
      if (window == 5) CHECK(source.brought > expected);
      CHECK(source.most <= 2 * window + 1);
    }
    CHECK(std::all_of(source.held.begin(), source.held.end(), [](int count) { return count == 0; }));
  }
}

TEST_CASE("batches of shards follow the order of their windows") {
  const Scratch scratch("shards-batches");
  const Dataset<3> data = pictures(400);
  write_shards(scratch.path, data, {.shard_bytes = two_megabytes});
  const Dataset<3> shards = open_shards<3>(scratch.path, {.memory = two_megabytes});  // a window is a block of 85
  std::vector<Index> order(400);
  shards.draw_order(order, Rng(2));
  CHECK(order != epoch_order(400, Rng(2)));
  Index at = 0;
  bool equal = true;
  for (const auto& batch : batches(shards, {.batch_size = 32, .shuffle = Rng(2)})) {
    Batch<Tensor<float, 4>> own;
    gather(data, std::span<const Index>(order).subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(batch.size())), own);
    equal = equal && own.labels == batch.labels && std::equal(own.x.data(), own.x.data() + own.x.size(), batch.x.data());
    at += batch.size();
  }
  CHECK(at == 400);
  CHECK(equal);
}

TEST_CASE("what is read ahead is what is read, and no more than the memory allowed is held") {
  const Scratch scratch("shards-ahead");
  const Dataset<3> data = pictures(400);
  write_shards(scratch.path, data, {.shard_bytes = two_megabytes});
  const Dataset<3> shards = open_shards<3>(scratch.path, {.memory = 2 * two_megabytes});
  std::vector<std::uint8_t> x(64 * 64 * 3), y(x.size());
  const auto ahead = shards.source().source->read_ahead(shards.source().chosen);
  bool equal = true;
  for (std::uint64_t epoch = 0; epoch < 5; ++epoch) {
    std::vector<Index> order(400);
    shards.draw_order(order, Rng(epoch));
    for (std::size_t k = epoch == 2 ? 300 : 0; k < order.size(); k += 10) {
      ahead->expect(std::span<const Index>(order).subspan(k));
      if (k % 50 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      for (std::size_t i = k; i < k + 10; ++i) {
        data.read_stored(order[i], x.data());
        shards.read_stored(order[i], y.data());
        equal = equal && x == y;
      }
    }
  }
  CHECK(equal);
}

TEST_CASE("a folder that is no whole data set is named") {
  const Scratch scratch("shards-folders");
  CHECK(has(why(scratch.path / "none"), "none: there is no such folder; write_shards makes a sharded data set"));
  CHECK(has(why(scratch.path), ": is no sharded data set: it has no dataset.index; write_shards makes one"));
  write_shards(scratch.path / "rows", rows(10));
  CHECK(has(why(scratch.path / "rows"), "rows: has samples of (5); open it with open_shards<1>"));
  std::filesystem::remove(scratch.path / "rows" / "dataset.index");
  CHECK(has(why(scratch.path / "rows"), "rows: is not finished: it has shards but no dataset.index"));
}

TEST_CASE("missing, truncated, changed, foreign and mixed files are named") {
  const Scratch scratch("shards-bad");
  const auto folder = scratch.path / "set", other = scratch.path / "other", foreign = scratch.path / "foreign";
  write_shards(folder, pictures(400), {.shard_bytes = two_megabytes});
  write_shards(other, pictures(400, 2), {.shard_bytes = two_megabytes});
  write_shards(foreign, rows(10), {.shard_bytes = 100});
  const auto index = folder / "dataset.index", shard = folder / "000001.shard";
  const auto whole_index = bytes_of(index), whole = bytes_of(shard);
  REQUIRE(open_shards<3>(folder).size() == 400);

  const auto with_shard = [&](const std::vector<std::byte>& bytes) {
    put(shard, bytes);
    const std::string error = why(folder);
    put(shard, whole);
    return error;
  };
  const auto with_index = [&](const std::vector<std::byte>& bytes) {
    put(index, bytes);
    const std::string error = why(folder);
    put(index, whole_index);
    return error;
  };
  const auto changed = [](std::vector<std::byte> bytes, std::size_t place) {
    bytes[place] ^= std::byte{1};
    return bytes;
  };
  const auto first = [](const std::vector<std::byte>& bytes, std::size_t size) {
    return std::vector<std::byte>(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
  };

  std::filesystem::rename(shard, scratch.path / "away");
  CHECK(has(why(folder), "000001.shard: there is no such file"));
  std::filesystem::create_directory(shard);
  CHECK(has(why(folder), "000001.shard: expects a file but it is a folder, a device or a pipe"));
  std::filesystem::remove(shard);
  std::filesystem::rename(scratch.path / "away", shard);

  for (const std::size_t size : {std::size_t{4097}, whole.size() - 1})
    CHECK(has(with_shard(first(whole, size)), "000001.shard: has " + std::to_string(size) + " bytes but should have " +
                                                  std::to_string(whole.size()) + "; it is truncated: copy it again"));
  CHECK(has(with_shard(first(whole, 40)), "000001.shard: is truncated"));
  CHECK(has(with_shard({}), "000001.shard: is not a shard of a sharded data set"));
  auto longer = whole;
  longer.push_back({});
  CHECK(has(with_shard(longer), "; something was written to its end"));
  CHECK(has(with_shard(changed(whole, 70)), "000001.shard: is not as it was written: its checksum differs"));
  CHECK(has(with_shard(changed(whole, 100)), "000001.shard: its targets are not as they were written"));
  CHECK(has(with_shard(changed(whole, 3)), "000001.shard: is not a shard of a sharded data set; write_shards makes one"));
  CHECK(has(with_shard(bytes_of(folder / "000000.shard")), "000001.shard: is shard 0 of its set but stands in the place of shard 1"));
  CHECK(has(with_shard(bytes_of(other / "000001.shard")), "000001.shard: is not the shard that dataset.index names"));
  CHECK(has(with_shard(bytes_of(foreign / "000001.shard")), "000001.shard: is a shard of another data set"));
  auto newer = whole;
  put_number(newer, 8, std::uint32_t{2});
  CHECK(has(with_shard(newer), "000001.shard: is of version 2 but this version of lamina reads version 1"));

  CHECK(has(with_index(first(whole_index, 20)), "dataset.index: "));
  CHECK(has(with_index(changed(whole_index, 20)), "dataset.index: is not as it was written: its checksum differs"));
  CHECK(has(with_index(whole), "dataset.index: is not the index of a sharded data set"));
  CHECK(has(with_index(bytes_of(other / "dataset.index")), "is not the shard that dataset.index names"));

  REQUIRE(open_shards<3>(folder).size() == 400);
}

TEST_CASE("values that were changed are named when they are read, and so is a file that was cut short meanwhile") {
  const Scratch scratch("shards-values");
  write_shards(scratch.path, pictures(400), {.shard_bytes = two_megabytes});
  const auto shard = scratch.path / "000001.shard";
  auto bytes = bytes_of(shard);
  bytes[bytes.size() - 5] ^= std::byte{4};
  put(shard, bytes);
  const Dataset<3> data = open_shards<3>(scratch.path);
  std::vector<float> x(64 * 64 * 3);
  const auto reading = [&](Index i) { return refusal<DataError>([&] { data.read(i, x.data()); }); };
  CHECK(reading(254) == "nothing was refused");
  for (int again = 0; again < 2; ++again)
    CHECK(has(reading(256), "000001.shard: samples 255 … 339 of the set are not as they were written: their checksum differs"));
  CHECK(reading(340) == "nothing was refused");
  std::filesystem::resize_file(scratch.path / "000000.shard", 10000);
  CHECK(has(reading(3), "000000.shard: ends after 10000 bytes but had "));
}

TEST_CASE("an index that promises much takes no memory and is refused") {
  const Scratch scratch("shards-huge");
  write_shards(scratch.path, pictures(10));
  const auto index = scratch.path / "dataset.index";
  const auto whole = bytes_of(index);
  const std::uint64_t huge = std::uint64_t{1} << 62;
  const auto with = [&](std::size_t place, std::uint64_t number) {
    auto bytes = whole;
    put_number(bytes, place, number);
    correct(bytes, bytes.size());
    put(index, bytes);
    return why(scratch.path);
  };
  CHECK(has(with(16, huge), "dataset.index: is damaged: its number of samples is impossible"));
  CHECK(has(with(16, 0), "number of samples is impossible"));
  CHECK(has(with(16, std::uint64_t{1} << 40), "number of shards is impossible"));
  CHECK(has(with(24, huge), "number of samples per shard is impossible"));
  CHECK(has(with(32, huge), "number of samples per block is impossible"));
  CHECK(has(with(32, 3), "number of samples per block is impossible"));
  CHECK(has(with(40, huge), "number of targets is impossible"));
  CHECK(has(with(48, huge), "number of classes is impossible"));
  CHECK(has(with(56, 9), "number of axes is impossible"));
  CHECK(has(with(64, std::uint64_t{1} << 33), "shape of a sample is impossible"));
  CHECK(has(with(72, std::uint64_t{1} << 31), "shape of a sample is impossible"));
  CHECK(has(with(88, 0xFFFFFFFF), "number of class names is impossible"));
  CHECK(has(with(64, 65), "is a shard of another data set"));
  put(index, whole);
  CHECK(open_shards<3>(scratch.path).size() == 10);
}
