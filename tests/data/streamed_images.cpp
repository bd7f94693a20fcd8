#include <atomic>
#include <lamina/data/image_folder.hpp>
#include <sstream>
#include <string>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "sharded.hpp"
#include "text_images.hpp"

using namespace sharded;

namespace {

void put_pictures(const std::filesystem::path& folder) {
  for (int i = 0; i < 90; ++i)
    put(folder / std::to_string(i % 3) / (std::to_string(i) + ".png"), str_cat(3 + i % 4, " 5 ", i % 2 == 0 ? 1 : 3, " ", 7 * i, " 7"));
}

}  // namespace

TEST_CASE("a streamed folder is the data set of the folder, and is decoded when its images are used") {
  const Scratch scratch("streamed");
  put_pictures(scratch.path);
  std::atomic<int> decoded{0};
  const ImageDecoder counting = [&](std::span<const std::byte> file, const ImageLimits& limits) {
    ++decoded;
    return decode(file, limits);
  };
  for (const Colors colors : {Colors::grey, Colors::rgb}) {
    const ImageFolder whole = image_folder(scratch.path, decode, {.colors = colors, .size = {{4, 4}}});
    decoded = 0;
    const ImageFolder streamed = image_folder(scratch.path, counting, {.colors = colors, .size = {{4, 4}}, .max_total_bytes = 1, .streamed = true});
    CHECK(decoded == 0);
    CHECK(streamed.files == whole.files);
    CHECK(streamed.data.labels() == whole.data.labels());
    CHECK(streamed.data.class_names() == whole.data.class_names());
    CHECK(streamed.data.sample_shape() == whole.data.sample_shape());
    std::vector<float> x(static_cast<std::size_t>(whole.data.sample_shape().size())), y = x;
    bool equal = true;
    for (Index i = 0; i < whole.data.size(); ++i) {
      whole.data.read(i, x.data());
      streamed.data.read(i, y.data());
      equal = equal && x == y;
    }
    CHECK(equal);
    CHECK(decoded == 90);
    std::vector<Index> order(90), own(90);
    streamed.data.draw_order(order, Rng(3));
    whole.data.draw_order(own, Rng(3));
    CHECK(order == own);
    write_shards(scratch.path / ("whole" + std::to_string(x.size())), whole.data);
    write_shards(scratch.path / ("streamed" + std::to_string(x.size())), streamed.data);
    for (const char* file : {"/000000.shard", "/dataset.index"})
      CHECK(bytes_of(scratch.path.string() + "/whole" + std::to_string(x.size()) + file) ==
            bytes_of(scratch.path.string() + "/streamed" + std::to_string(x.size()) + file));
    std::filesystem::remove_all(scratch.path / ("whole" + std::to_string(x.size())));
    std::filesystem::remove_all(scratch.path / ("streamed" + std::to_string(x.size())));
  }
}

TEST_CASE("a file that cannot be decoded is named when it is used, and skipped if that is asked for") {
  const Scratch scratch("streamed-bad");
  put_pictures(scratch.path);
  put(scratch.path / "2" / "50.png", "x");
  const Dataset<3> data = image_folder(scratch.path, decode, {.size = {{4, 4}}, .streamed = true}).data;
  std::vector<std::uint8_t> x(48);
  std::string error;
  for (Index i = 0; i < 90 && error.empty(); ++i) {
    const std::string why = refusal<DataError>([&] { data.read_stored(i, x.data()); });
    if (why != "nothing was refused") error = why;
  }
  CHECK(has(error, "50.png: is not of this test's format"));

  for (const Index threads : {1, 3}) {
    const ImageFolder found =
        image_folder(scratch.path, decode, {.size = {{4, 4}}, .undecodable = DecodeErrorPolicy::skip, .threads = threads, .streamed = true});
    const ImageFolder whole = image_folder(scratch.path, decode, {.size = {{4, 4}}, .undecodable = DecodeErrorPolicy::skip});
    std::ostringstream text, expected;
    text << found;
    expected << whole;
    CHECK(text.str() == expected.str());
    CHECK(found.files == whole.files);
    CHECK(found.data.labels() == whole.data.labels());
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch.path))
    if (entry.is_regular_file()) put(entry.path(), "x");
  CHECK(has(refusal<DataError>([&] {
              image_folder(scratch.path, decode, {.size = {{4, 4}}, .undecodable = DecodeErrorPolicy::skip, .streamed = true});
            }),
            "image_folder: 90 files cannot be decoded, all there are"));
}

TEST_CASE("a streamed folder needs a size, and a file that is deleted is named") {
  const Scratch scratch("streamed-size");
  put_pictures(scratch.path);
  CHECK(refusal<OptionError>([&] { image_folder(scratch.path, decode, {.streamed = true}); }) ==
        "image_folder: .streamed needs the .size = {{H, W}} of every image, because none is decoded beforehand");
  const Dataset<3> data = image_folder(scratch.path, decode, {.size = {{4, 4}}, .streamed = true}).data;
  const std::uint64_t digest = data.source().source->digest();
  put(scratch.path / "0" / "0.png", "10 10 1 5 1");
  CHECK(image_folder(scratch.path, decode, {.size = {{4, 4}}, .streamed = true}).data.source().source->digest() != digest);
  std::filesystem::remove(scratch.path / "0" / "0.png");
  std::vector<std::uint8_t> x(48);
  CHECK(has(refusal<DataError>([&] { data.read_stored(0, x.data()); }), "0.png: there is no such file"));
  const auto ahead = data.source().source->read_ahead(data.source().chosen);  // which meets the missing file, too
  std::vector<Index> order(90);
  data.draw_order(order, Rng(1));
  ahead->expect(order);
}
