#include <sys/stat.h>

#include <lamina/data/image_folder.hpp>
#include <sstream>
#include <string>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "scratch.hpp"
#include "text_images.hpp"

using namespace lamina;

namespace {

std::string why(const std::filesystem::path& folder, const ImageFolderOptions& options = {}) {
  return refusal<DataError>([&] { image_folder(folder, decode, options); });
}

}  // namespace

TEST_CASE("classes are the folders in the order of their bytes, files too, in further folders and of any case") {
  const Scratch scratch("folder");
  put(scratch.path / "b" / "2.png", "2 3 1 20");
  put(scratch.path / "b" / "10.PNG", "2 3 1 10");
  put(scratch.path / "b" / "more" / "1.JpEg", "2 3 1 30");
  put(scratch.path / "Z" / "x.bmp", "2 3 1 40");
  put(scratch.path / "a b" / "x.jpg", "2 3 1 50");
  const auto [data, files, skipped, warnings, turned] = image_folder(scratch.path, decode, {.colors = Colors::grey});
  CHECK(data.class_names() == std::vector<std::string>{"Z", "a b", "b"});
  CHECK(data.labels() == std::vector<std::int32_t>{0, 1, 2, 2, 2});
  CHECK(data.sample_shape() == Shape{2, 3, 1});
  const int values[] = {40, 50, 10, 20, 30};
  for (Index i = 0; i < 5; ++i) CHECK(int{data.bytes()[static_cast<std::size_t>(6 * i)]} == values[i]);
  REQUIRE(files.size() == 5);
  CHECK(files[4] == scratch.path / "b" / "more" / "1.JpEg");
  CHECK(skipped.empty());
  CHECK(warnings.empty());
  CHECK(turned == 0);
}

TEST_CASE("any number of threads reads the same") {
  const Scratch scratch("folder");
  for (int i = 0; i < 40; ++i)
    put(scratch.path / std::to_string(i % 3) / (std::to_string(i) + ".png"), i % 7 == 3 ? "bad" : str_cat("3 4 1 ", i));
  const auto read = [&](Index threads) {
    std::ostringstream out;
    const auto folder =
        image_folder(scratch.path, decode, {.size = {{4, 4}}, .undecodable = DecodeErrorPolicy::skip, .threads = threads});
    out << folder;
    for (const std::uint8_t byte : folder.data.bytes()) out << int{byte} << ' ';
    for (const std::int32_t label : folder.data.labels()) out << label << ' ';
    return out.str();
  };
  const std::string one = read(1);
  CHECK(has(one, "34 images of 3 classes, (4, 4, 3) each; 6 skipped\n"));
  for (const Index threads : {2, 3, 4, 100}) CHECK(read(threads) == one);
}

TEST_CASE("files that cannot be decoded are all named, and an error unless they may be skipped") {
  const Scratch scratch("folder");
  put(scratch.path / "a" / "1.png", "nonsense");
  put(scratch.path / "a" / "2.png", "1 1 1 7");
  put(scratch.path / "b" / "3.png", "");
  put(scratch.path / "c" / "4.png", "2 2 5 7");
  const std::string refused = why(scratch.path);
  CHECK(has(refused,
            "image_folder: 3 files cannot be decoded; .undecodable = DecodeErrorPolicy::skip leaves them out\n  "));
  CHECK(has(refused, (scratch.path / "a" / "1.png").string() + ": is not of this test's format"));
  CHECK(has(refused, "4.png: was decoded to (2, 2, 5); expects pixels of 1 to 4 channels"));
  const auto folder = image_folder(scratch.path, decode, {.undecodable = DecodeErrorPolicy::skip});
  CHECK(folder.data.size() == 1);
  CHECK(folder.data.classes() == 3);
  REQUIRE(folder.skipped.size() == 3);
  CHECK(folder.skipped[1].file == scratch.path / "b" / "3.png");
  REQUIRE(folder.warnings.size() == 2);
  CHECK(has(folder.warnings[0], "b: none of this class's images could be decoded"));
  std::ostringstream out;
  out << folder;
  CHECK(has(out.str(), "1 images of 3 classes, (1, 1, 3) each; 3 skipped\nskipped "));
}

TEST_CASE("a folder of nothing but files that cannot be decoded is an error, skipped or not") {
  const Scratch scratch("folder");
  for (int i = 0; i < 12; ++i) put(scratch.path / "a" / (std::to_string(i) + ".png"), "nonsense");
  const std::string refused = why(scratch.path, {.undecodable = DecodeErrorPolicy::skip});
  CHECK(has(refused, "image_folder: 12 files cannot be decoded, all there are"));
  CHECK(std::count(refused.begin(), refused.end(), '\n') == 11);
  CHECK(has(refused, "\n  …"));
}

TEST_CASE("images of several sizes need a size, and then have it") {
  const Scratch scratch("folder");
  put(scratch.path / "a" / "1.png", "2 3 1 10");
  put(scratch.path / "a" / "2.png", "4 6 1 20");
  put(scratch.path / "b" / "3.png", "1 1 3 30");
  const std::string refused = why(scratch.path);
  CHECK(has(refused, "1.png has 3 × 2 pixels but "));
  CHECK(has(refused, "2.png has 6 × 4; give .size = {{2, 3}} to resize all"));
  const auto folder = image_folder(scratch.path, decode, {.colors = Colors::grey, .size = {{5, 7}}});
  CHECK(folder.data.sample_shape() == Shape{5, 7, 1});
  for (Index i = 0; i < 3; ++i)
    for (Index k = 0; k < 35; ++k)
      CHECK(int{folder.data.bytes()[static_cast<std::size_t>(35 * i + k)]} == 10 * (i + 1));
}

TEST_CASE("an empty class, files beside the classes and files of other kinds are warnings, hidden ones nothing") {
  const Scratch scratch("folder");
  put(scratch.path / "cat" / "1.png", "1 1 1 1");
  put(scratch.path / "cat" / "Thumbs.db", "?");
  put(scratch.path / "cat" / "a.gif", "?");
  put(scratch.path / "cat" / ".hidden.png", "?");
  put(scratch.path / ".git" / "1.png", "?");
  put(scratch.path / "readme.txt", "?");
  std::filesystem::create_directories(scratch.path / "dog");
  const auto folder = image_folder(scratch.path, decode, {});
  CHECK(folder.data.class_names() == std::vector<std::string>{"cat"});
  CHECK(folder.data.size() == 1);
  REQUIRE(folder.warnings.size() == 3);
  CHECK(has(folder.warnings[0], ": 1 file lies beside the class folders and belongs to no class"));
  CHECK(has(folder.warnings[1], "cat: 2 files are not PNG, JPEG or BMP by name and passed over: Thumbs.db, …"));
  CHECK(has(folder.warnings[2], "dog: is no class: it has no images; name it in .class_names if it is one"));
}

TEST_CASE("classes that are named are those of the folder, in their order") {
  const Scratch scratch("folder");
  for (const char* name : {"cat", "dog", "fish"}) put(scratch.path / name / "1.png", "1 1 1 1");
  std::filesystem::create_directories(scratch.path / "ape");
  const auto folder = image_folder(scratch.path, decode, {.class_names = {"fish", "ape", "cat"}});
  CHECK(folder.data.class_names() == std::vector<std::string>{"fish", "ape", "cat"});
  CHECK(folder.data.labels() == std::vector<std::int32_t>{0, 2});
  REQUIRE(folder.warnings.size() == 2);
  CHECK(has(folder.warnings[0], ": 1 file or folder is no class of .class_names and passed over"));
}

TEST_CASE("another layout is refused, and the one expected is shown") {
  const Scratch scratch("folder");
  CHECK(has(why(scratch.path / "none"),
            "none: there is no such folder; expects a folder for each class, the images in it:\n  "));
  CHECK(has(why(scratch.path), ": is empty; expects a folder for each class"));
  put(scratch.path / "1.png", "1 1 1 1");
  CHECK(has(why(scratch.path), ": has files but no folders; expects a folder for each class"));
  CHECK(has(why(scratch.path), scratch.path.string() + "/cat/1.png\n"));
  CHECK(has(why(scratch.path / "1.png"), "1.png: is a file; expects"));
  std::filesystem::create_directories(scratch.path / "cat");
  CHECK(has(why(scratch.path), ": has no images in its folders; expects"));
}

TEST_CASE("links that lead in circles are not followed, broken ones are named") {
  const Scratch scratch("folder");
  put(scratch.path / "a" / "1.png", "1 1 1 1");
  std::filesystem::create_directory_symlink(scratch.path, scratch.path / "a" / "up");
  std::filesystem::create_directory_symlink(scratch.path / "a", scratch.path / "a" / "again");
  std::filesystem::create_symlink("self.png", scratch.path / "a" / "self.png");
  std::filesystem::create_symlink("nowhere", scratch.path / "a" / "broken.png");
  const auto folder = image_folder(scratch.path, decode, {.undecodable = DecodeErrorPolicy::skip});
  CHECK(folder.data.class_names() == std::vector<std::string>{"a"});
  CHECK(folder.data.size() == 1);
  REQUIRE(folder.warnings.size() == 2);
  CHECK(has(folder.warnings[0], "again: passed over: a link to " + (scratch.path / "a").string()));
  CHECK(has(folder.warnings[1], "up: passed over: a link to " + scratch.path.string() +
                                    "; within a class, links are followed to files, not to folders"));
  CHECK(std::ranges::any_of(folder.skipped, [](const auto& one) {
    return one.file.filename() == "broken.png" && one.reason == "there is no such file";
  }));
}

TEST_CASE("a pipe that is named like an image is not waited for") {
  const Scratch scratch("folder");
  put(scratch.path / "a" / "1.png", "1 1 1 1");
  REQUIRE(mkfifo((scratch.path / "a" / "2.png").c_str(), 0600) == 0);
  const auto folder = image_folder(scratch.path, decode, {.undecodable = DecodeErrorPolicy::skip});
  REQUIRE(folder.skipped.size() == 1);
  CHECK(folder.skipped[0].reason == "expects a file but it is a device, a pipe or a socket");
}

TEST_CASE("a file larger than allowed is not read") {
  const Scratch scratch("folder");
  put(scratch.path / "a" / "1.png", "1 1 1 1");
  put(scratch.path / "a" / "2.png", "1 1 1 1");
  std::filesystem::resize_file(scratch.path / "a" / "2.png", std::uintmax_t{1} << 40);  // of nothing: a sparse file
  const auto folder = image_folder(scratch.path, decode, {.undecodable = DecodeErrorPolicy::skip});
  REQUIRE(folder.skipped.size() == 1);
  CHECK(has(folder.skipped[0].reason, "has 1099511627776 bytes, more than the 67108864 allowed"));
}

TEST_CASE("a set that would not fit is refused before memory is taken") {
  const Scratch scratch("folder");
  put(scratch.path / "a" / "1.png", "1 1 1 1");
  CHECK(has(why(scratch.path, {.size = {{5000, 5000}}, .max_total_bytes = 1'000'000}),
            "1 images of 5000 × 5000 pixels take more than the 1000000 bytes allowed; give a smaller .size or "
            "raise .max_total_bytes"));
  put(scratch.path / "a" / "0.png", "50 50 1 1");
  CHECK(has(why(scratch.path, {.max_total_bytes = 10'000}),
            "2 images of 50 × 50 pixels take more than the 10000 bytes allowed"));
}

TEST_CASE("options that cannot be are refused") {
  const Scratch scratch("folder");
  const auto text = [&](const ImageFolderOptions& options) {
    return refusal<OptionError>([&] { image_folder(scratch.path, decode, options); });
  };
  CHECK(text({.size = {{0, 5}}}) ==
        "image_folder: expects a .size of at least 1 × 1 and at most 33554432 pixels (.limits.max_pixels) but got (0, "
        "5)");
  CHECK(has(text({.size = {{1 << 30, 1 << 30}}}), "at most 33554432 pixels"));
  CHECK(text({.threads = 0}) == "image_folder: expects .threads of at least 1 but got 0");
  CHECK(refusal<OptionError>([&] { image_folder(scratch.path, ImageDecoder{}, {}); }) ==
        "image_folder: expects a decoder but got an empty function");
}

TEST_CASE("what a decoder throws of its own is the file's reason") {
  const Scratch scratch("folder");
  put(scratch.path / "a" / "1.png", "1 1 1 1");
  const auto folder = [&](const ImageDecoder& decoder) {
    return refusal<DataError>([&] { image_folder(scratch.path, decoder, {.size = {{1, 1}}}); });
  };
  CHECK(has(folder([](auto, const auto&) -> Tensor<std::uint8_t, 3> { throw std::runtime_error("no codec"); }),
            "1.png: no codec"));
  CHECK(has(folder([](auto, const auto&) -> Tensor<std::uint8_t, 3> { throw std::bad_alloc(); }),
            "1.png: needs more memory than there is"));
}

TEST_CASE("names of folders and files that would move the cursor, or are not UTF-8, are told escaped") {
  const Scratch scratch("folder");
  put(scratch.path / "caf\xE9" / "1.png", "2 2 1 10");
  put(scratch.path / "do\ng" / "\x1b[2J.png", "broken");
  put(scratch.path / "do\ng" / "2.png", "2 2 1 20");
  const ImageFolder found = image_folder(scratch.path, decode, {.undecodable = DecodeErrorPolicy::skip});
  CHECK(found.data.class_names() == std::vector<std::string>{"caf\\xe9", "do\ng"});  // any file can hold them
  std::ostringstream out;
  out << found;
  has(out.str(), "do\\ng/\\x1b[2J.png: is not of this test's format\n");
  has(out.str(), "caf\\xe9: its name is not UTF-8: the class is called caf\\xe9\n");
  has(why(scratch.path), "\n  " + (scratch.path / "do\\ng").string() + "/\\x1b[2J.png: is not of this test's format");
  has(why(scratch.path / "no\nne"), "no\\nne: there is no such folder");
}
