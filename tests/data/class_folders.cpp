#include <lamina/core/error.hpp>
#include <lamina/data/class_folders.hpp>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "scratch.hpp"
#include "text_images.hpp"

using namespace lamina;

namespace {

using Names = std::vector<std::string>;

void link(const std::filesystem::path& target, const std::filesystem::path& name) {
  std::filesystem::create_directory_symlink(target, name);
}

/// The files of a class, relative to a folder.
Names files_of(const detail::ClassFolders& found, const std::string& name, const std::filesystem::path& folder) {
  Names files;
  for (std::size_t i = 0; i < found.files.size(); ++i)
    if (found.class_names[static_cast<std::size_t>(found.labels[i])] == name)
      files.push_back(found.files[i].lexically_relative(folder).string());
  return files;
}

}  // namespace

TEST_CASE("a link within a class to another class, to all of them or to elsewhere gives no image this class's label") {
  const Scratch scratch("classes"), elsewhere("elsewhere");
  put(scratch.path / "cat" / "1.png");
  put(scratch.path / "dog" / "2.png");
  put(scratch.path / "dog" / "more" / "3.png");
  put(elsewhere.path / "4.png");
  link("..", scratch.path / "cat" / "a");
  link("../dog", scratch.path / "cat" / "b");
  link("../dog/more", scratch.path / "cat" / "c");
  link(elsewhere.path, scratch.path / "cat" / "d");
  std::filesystem::create_symlink(elsewhere.path / "4.png", scratch.path / "cat" / "4.png");
  const detail::ClassFolders found = detail::find_class_folders(scratch.path);
  CHECK(found.class_names == Names{"cat", "dog"});
  CHECK(files_of(found, "cat", scratch.path) == Names{"cat/1.png", "cat/4.png"});
  CHECK(files_of(found, "dog", scratch.path) == Names{"dog/2.png", "dog/more/3.png"});
  REQUIRE(found.warnings.size() == 4);
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(has(found.warnings[i], std::string("/cat/") + "abcd"[i] + ": passed over: a link to "));
  CHECK(has(found.warnings[3], "a link to " + elsewhere.path.string() +
                                   "; within a class, links are followed to files, not to folders"));
}

TEST_CASE("a class may be a link, but each folder is one class, and those that hold the classes are none") {
  const Scratch scratch("classes"), elsewhere("elsewhere");
  put(scratch.path / "in" / "cat" / "1.png");
  put(scratch.path / "in" / "cat" / "kitten" / "2.png");
  put(elsewhere.path / "3.png");
  link(elsewhere.path, scratch.path / "in" / "dog");
  link("dog", scratch.path / "in" / "hound");
  link("cat/kitten", scratch.path / "in" / "young");
  link(".", scratch.path / "in" / "self");
  link("..", scratch.path / "in" / "up");
  link("/", scratch.path / "in" / "zero");
  const detail::ClassFolders found = detail::find_class_folders(scratch.path / "in");
  CHECK(found.class_names == Names{"cat", "dog", "young"});
  CHECK(files_of(found, "cat", scratch.path / "in") == Names{"cat/1.png"});
  CHECK(files_of(found, "dog", scratch.path / "in") == Names{"dog/3.png"});
  CHECK(files_of(found, "young", scratch.path / "in") == Names{"young/2.png"});
  REQUIRE(found.warnings.size() == 5);
  const std::string in = (scratch.path / "in").string();
  CHECK(found.warnings[0] == in + "/hound: is no class: the same folder as " + in + "/dog");
  CHECK(found.warnings[1] == in + "/self: is no class: the same folder as " + in);
  CHECK(found.warnings[2] == in + "/up: is no class: the same folder as " + scratch.path.string());
  CHECK(found.warnings[3] == in + "/zero: is no class: the same folder as /");
  CHECK(found.warnings[4] == in + "/cat/kitten: passed over: the same folder as " + in + "/young");
}

TEST_CASE("folders that systems make, and those without images, are no classes unless asked for by name") {
  const Scratch scratch("classes");
  put(scratch.path / "cat" / "1.png");
  put(scratch.path / "cat" / "@eaDir" / "thumbnail.jpg");
  put(scratch.path / "__MACOSX" / "cat" / "1.png");
  std::filesystem::create_directories(scratch.path / "lost+found");
  std::filesystem::create_directories(scratch.path / "dog" / "inner");
  put(scratch.path / "notes" / "read.txt");
  const std::string in = scratch.path.string();
  const detail::ClassFolders found = detail::find_class_folders(scratch.path);
  CHECK(found.class_names == Names{"cat"});
  CHECK(found.files.size() == 1);
  CHECK(found.warnings ==
        Names{in + "/__MACOSX: is no class: systems make such folders; name it in .class_names if it is one",
              in + "/lost+found: is no class: systems make such folders; name it in .class_names if it is one",
              in + "/cat/@eaDir: passed over: systems make such folders",
              in + "/dog: is no class: it has no images; name it in .class_names if it is one",
              in + "/notes: 1 file is not PNG, JPEG or BMP by name and passed over: read.txt",
              in + "/notes: is no class: it has no images; name it in .class_names if it is one"});

  const detail::ClassFolders asked = detail::find_class_folders(scratch.path, {"dog", "cat", "__MACOSX"});
  CHECK(asked.class_names == Names{"dog", "cat", "__MACOSX"});
  CHECK(asked.labels == std::vector<std::int32_t>{1, 2});
  CHECK(asked.warnings == Names{in + ": 2 files or folders are no class of .class_names and passed over",
                                in + "/dog: this class has no images",
                                in + "/cat/@eaDir: passed over: systems make such folders"});
}

TEST_CASE("classes that are asked for have to be there, each once, and be names") {
  const Scratch scratch("classes");
  put(scratch.path / "cat" / "1.png");
  link("cat", scratch.path / "katze");
  const auto why = [&](const Names& names) {
    return refusal<OptionError>([&] { detail::find_class_folders(scratch.path, names); });
  };
  for (const char* name : {"", ".", "..", "cat/", "../cat", "cat/more"})
    CHECK(why({name}) == str_cat("image_folder: expects names of folders in .class_names but got \"", name, "\""));
  for (const char* name : {"cat", "katze"})
    CHECK(why({"cat", name}) == str_cat("image_folder: expects different folders in .class_names but \"", name,
                                        "\" is the same folder as ", (scratch.path / "cat").string()));
  CHECK(has(refusal<DataError>([&] {
              detail::find_class_folders(scratch.path, {"cat", "dog"});
            }),
            scratch.path.string() + ": has no folder for the class \"dog\" of .class_names; expects a folder"));
}

TEST_CASE("a folder whose classes have no images says why") {
  const Scratch scratch("classes");
  std::filesystem::create_directories(scratch.path / "cat");
  link("/", scratch.path / "cat" / "all");
  const std::string text = refusal<DataError>([&] { detail::find_class_folders(scratch.path); });
  CHECK(has(text, ": has no images in its folders; expects a folder for each class"));
  CHECK(has(text, "are read\nwarning: " + scratch.path.string() + "/cat/all: passed over: a link to /;"));
}

TEST_CASE("a class whose name is not UTF-8 has it escaped, and that is said when it is read") {
  const Scratch scratch("classes");
  put(scratch.path / "\xC3\xA9t\xC3\xA9" / "1.png");
  CHECK(detail::find_class_folders(scratch.path).class_names == Names{"\xC3\xA9t\xC3\xA9"});
  put(scratch.path / "caf\xE9" / "1.png");
  const auto found = detail::find_class_folders(scratch.path);
  CHECK(found.class_names == Names{"caf\\xe9", "\xC3\xA9t\xC3\xA9"});
  REQUIRE(found.warnings.size() == 1);
  CHECK(has(found.warnings[0], "caf\\xe9: its name is not UTF-8: the class is called caf\\xe9"));
  CHECK(detail::find_class_folders(scratch.path, {"\xC3\xA9t\xC3\xA9"}).files.size() == 1);
}
