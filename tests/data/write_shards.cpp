#include <algorithm>
#include <iostream>
#include <limits>
#include <sstream>
#include <stdexcept>

#include <lamina/core/folder_lock.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "sharded.hpp"

using namespace sharded;

namespace {

/// The samples of a data set, one after another. It throws at sample `fails`.
SampleStream<3> stream_of(const Dataset<3>& data, std::vector<Index>& asked, Index fails = -1) {
  return {.sample = data.sample_shape(), .classes = {.class_names = data.class_names()},
          .next = [&data, &asked, fails](Index i, StreamedSample<std::uint8_t>& to) {
            asked.push_back(i);
            if (i == fails) throw std::runtime_error("killed");
            if (i >= data.size()) return false;
            data.read_stored(i, to.values.data());
            to.label = data.labels()[static_cast<std::size_t>(i)];
            return true;
          }};
}

/// The names and bytes of the files of a set.
std::vector<std::pair<std::string, std::vector<std::byte>>> files_of(const std::filesystem::path& folder) {
  std::vector<std::pair<std::string, std::vector<std::byte>>> all;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().filename() != "run.lock") all.emplace_back(entry.path().filename().string(), bytes_of(entry.path()));
  std::sort(all.begin(), all.end());
  return all;
}

const WriteShardsOptions small_files{.shard_bytes = 100 * 12288};  // 85 pictures each

}  // namespace

TEST_CASE("a callback's samples make the same files as the data set that they come from, with any number of threads") {
  const Scratch scratch("write-shards");
  const Dataset<3> data = pictures(200);
  for (const Index threads : {1, 2, 4})
    write_shards(scratch.path / std::to_string(threads), data, {.shard_bytes = small_files.shard_bytes, .threads = threads});
  std::vector<Index> asked;
  CHECK(write_shards(scratch.path / "stream", stream_of(data, asked), small_files) == 200);
  CHECK(asked.size() == 201);
  CHECK(files_of(scratch.path / "1").size() == 4);
  for (const char* other : {"2", "4", "stream"}) CHECK((files_of(scratch.path / "1") == files_of(scratch.path / other)));
}

TEST_CASE("a callback yields rows of float and of targets") {
  const Scratch scratch("write-shards-rows");
  const Dataset<1> data = rows(57);
  const SampleStream<1, float> stream{.sample = {5}, .classes = {.class_names = {"width", "height"}}, .targets = 2,
                                      .next = [&](Index i, StreamedSample<float>& to) {
                                        if (i == 57) return false;
                                        data.read_stored(i, to.values.data());
                                        std::copy_n(data.targets().data() + 2 * i, 2, to.targets.data());
                                        return true;
                                      }};
  write_shards(scratch.path / "stream", stream, {.shard_bytes = 200});
  write_shards(scratch.path / "set", data, {.shard_bytes = 200});
  CHECK((files_of(scratch.path / "stream") == files_of(scratch.path / "set")));
}

TEST_CASE("a writer that was stopped goes on with the first missing file and makes the same files") {
  const Scratch scratch("write-shards-again");
  const Dataset<3> data = pictures(400);
  write_shards(scratch.path / "whole", data, small_files);
  const auto whole = files_of(scratch.path / "whole");
  for (const Index fails : {0, 84, 85, 86, 399}) {
    const auto folder = scratch.path / std::to_string(fails);
    std::vector<Index> asked;
    CHECK_THROWS_AS(write_shards(folder, stream_of(data, asked, fails), small_files), std::runtime_error);
    CHECK(has(refusal<DataError>([&] { open_shards<3>(folder); }), fails < 85 ? "no sharded data set" : "is not finished"));
    put(folder / (detail::shard_name(fails / 85) + ".7.unfinished"), {});  // as a killed writer leaves one
    asked.clear();
    if (fails == 86)
      write_shards(folder, data, small_files);
    else
      write_shards(folder, stream_of(data, asked), small_files);
    if (fails != 86) CHECK(asked.front() == fails / 85 * 85);
    CHECK((files_of(folder) == whole));
  }
}

TEST_CASE("a set that is there is not written again, and another one is not overwritten") {
  const Scratch scratch("write-shards-there");
  const Dataset<3> data = pictures(200);
  write_shards(scratch.path, data, small_files);
  const auto files = files_of(scratch.path);
  std::vector<Index> asked;
  CHECK(write_shards(scratch.path, data, small_files) == 200);
  CHECK(write_shards(scratch.path, data) == 200);
  CHECK(write_shards(scratch.path, stream_of(data, asked)) == 200);
  CHECK(asked.empty());

  const auto why = [&](const auto& other) { return refusal<DataError>([&] { write_shards(scratch.path, other, small_files); }); };
  const std::string remedy = "; remove the folder, or give another one";
  CHECK(has(why(rows(10)), "has another data set, whose samples have another shape or type" + remedy));
  CHECK(has(why(pictures(201)), "has another data set, whose samples are 200, not 201" + remedy));
  Dataset<3> changed(data.bytes(), data.sample_shape(), data.labels());
  CHECK(has(why(changed), "whose classes differ"));
  std::vector<std::int32_t> labels = data.labels();
  labels[190] = (labels[190] + 1) % 3;
  CHECK(has(why(Dataset<3>(data.bytes(), data.sample_shape(), labels, {.class_names = data.class_names()})), "whose targets differ"));
  std::vector<std::uint8_t> pixels(data.bytes().begin(), data.bytes().end());
  pixels[85 * 12288] ^= 1;
  CHECK(has(why(Dataset<3>(pixels, data.sample_shape(), data.labels(), {.class_names = data.class_names()})), "whose samples differ"));
  changed = data;
  changed.normalise({.mean = {0.5}, .deviation = {2}});
  CHECK(has(why(changed), "whose normalisation differs"));
  CHECK((files_of(scratch.path) == files));

  std::filesystem::remove(scratch.path / "dataset.index");
  CHECK(has(why(pictures(100)), "whose samples are more than here"));
  CHECK(has(why(rows(10)), "000000.shard: is a shard of another data set"));
  CHECK(has(why(Dataset<3>(pixels, data.sample_shape(), data.labels(), {.class_names = data.class_names()})), "whose samples differ"));
  write_shards(scratch.path, data, small_files);
  CHECK((files_of(scratch.path) == files));
}

TEST_CASE("a file that was lost or cut short can be written again") {
  const Scratch scratch("write-shards-lost");
  const Dataset<3> data = pictures(400);
  write_shards(scratch.path, data, small_files);
  const auto files = files_of(scratch.path);
  const auto shard = scratch.path / "000001.shard", index = scratch.path / "dataset.index";
  for (const bool is_there : {true, false}) {
    is_there ? std::filesystem::resize_file(shard, 5000) : static_cast<void>(std::filesystem::remove(shard));
    const std::string remedy = ". To write it again, remove it and dataset.index and call write_shards";
    CHECK(has(refusal<DataError>([&] { write_shards(scratch.path, data, small_files); }), remedy));
    std::filesystem::remove(index);
    if (is_there) CHECK(has(refusal<DataError>([&] { write_shards(scratch.path, data, small_files); }), remedy));
    std::filesystem::remove(shard);
    write_shards(scratch.path, data, small_files);
    CHECK((files_of(scratch.path) == files));
  }
}

TEST_CASE("targets that are wrong are named by their sample, and nothing is finished") {
  const Scratch scratch("write-shards-targets");
  const auto labelled = [&](Index classes, std::int32_t label) {
    return refusal<DataError>([&] {
      write_shards(scratch.path / "labels",
                   SampleStream<1>{.sample = {3}, .classes = {.classes = classes}, .next = [&](Index i, StreamedSample<std::uint8_t>& to) {
                                     to.label = i == 7 ? label : 1;
                                     return i < 9;
                                   }},
                   {.shard_bytes = 15});
    });
  };
  CHECK(has(labelled(4, 4), "write_shards: label 4 of sample 7 is outside the 4 classes 0 … 3; labels count from 0"));
  CHECK(has(labelled(0, -1), "write_shards: label -1 of sample 7 is negative; labels count from 0"));
  CHECK(has(refusal<DataError>([&] { open_shards<1>(scratch.path / "labels"); }), "is not finished"));
  CHECK(labelled(0, 5) == "nothing was refused");
  CHECK(open_shards<1>(scratch.path / "labels").classes() == 6);
  CHECK(has(refusal<DataError>([&] {
              write_shards(scratch.path / "rows", SampleStream<1, float>{.sample = {1}, .targets = 2, .next = [](Index i, StreamedSample<float>& to) {
                                                                           to.targets[1] = i == 3 ? std::numeric_limits<float>::infinity() : 0;
                                                                           return i < 5;
                                                                         }});
            }),
            "write_shards: target 1 of sample 3 is inf; targets have to be finite"));
  CHECK(has(refusal<DataError>([&] {
              write_shards(scratch.path / "none", SampleStream<1>{.sample = {1}, .next = [](Index, StreamedSample<std::uint8_t>&) { return false; }});
            }),
            "write_shards: expects at least one sample but got none"));
}

TEST_CASE("options and folders that cannot be are refused") {
  const Scratch scratch("write-shards-options");
  const Dataset<1> data = rows(5);
  const auto why = [&](const WriteShardsOptions& options) {
    return refusal<OptionError>([&] { write_shards(scratch.path / "x", data, options); });
  };
  CHECK(why({.shard_bytes = 0}) == "write_shards: expects .shard_bytes of at least 1 but got 0");
  CHECK(why({.threads = 0}) == "write_shards: expects .threads of at least 1 but got 0");
  const auto stream = [&](const SampleStream<1>& asked) { return refusal<OptionError>([&] { write_shards(scratch.path / "x", asked); }); };
  const auto next = [](Index, StreamedSample<std::uint8_t>&) { return false; };
  CHECK(has(stream({.sample = {1}}), "write_shards: expects a callback .next but got an empty function"));
  CHECK(has(stream({.sample = {0}, .next = next}), "write_shards: expects samples of extents of at least 1 and of at most 4 GB but got (0)"));
  CHECK(has(stream({.sample = {Index{1} << 40}, .next = next}), "at most 4 GB"));
  CHECK(has(stream({.sample = {1}, .targets = -1, .next = next}), "write_shards: expects .targets of at least 0 but got -1"));
  CHECK(has(stream({.sample = {1}, .classes = {2, {"a"}}, .next = next}), "write_shards: expects a name for each of the 2 classes but got 1"));
  CHECK_FALSE(std::filesystem::exists(scratch.path / "x"));
  put(scratch.path / "file", {});
  CHECK(has(refusal<DataError>([&] { write_shards(scratch.path / "file", data); }), "file: cannot be made a folder"));
  const detail::FolderLock lock(scratch.path);
  CHECK(has(refusal<DataError>([&] { write_shards(scratch.path, data); }), "another run is at work in this folder"));
}

TEST_CASE("progress tells how many samples are written, and how many were there before") {
  const Scratch scratch("write-shards-progress");
  std::ostringstream text;
  auto* const before = std::cout.rdbuf(text.rdbuf());
  write_shards(scratch.path, rows(5000), {.shard_bytes = 2000, .progress = true});
  write_shards(scratch.path, rows(5000), {.shard_bytes = 2000, .progress = true});
  std::cout.rdbuf(before);
  CHECK(has(text.str(), "5,000 samples in 50 shards, "));
  CHECK(has(text.str(), "5,000 samples in 50 shards, 5,000 of them from before, "));
}
