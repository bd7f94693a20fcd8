// Reads again what fuzzing begins with and what it found, with any compiler:
//
//   lamina_test_fuzz replay <target> <folder>…    the target's seeds, every one cut anywhere and with any byte changed, and
//                                                 the files of the folders; ends with 1 for a finding, or when most of
//                                                 the seeds are refused
//   lamina_test_fuzz seeds <target> <from> <to>   writes the seeds, and what the folder <from> holds, as single files
//   lamina_test_fuzz pack <folder> <file>         makes one file, *.pack, of all files of a folder
//   lamina_test_fuzz targets                      lists the targets

#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>

#include <lamina/core/files.hpp>
#include <lamina/core/write_file.hpp>

#include "target.hpp"

namespace {

using fuzz::Bytes;

/// Whether there is no finding. From memory of exactly its size, so that a sanitizer sees what is read beyond the end.
bool reads(const fuzz::Target& target, std::span<const std::byte> file, const std::string& what,
           bool* accepted = nullptr) {
  const auto exact = std::make_unique<std::byte[]>(file.size());
  std::copy(file.begin(), file.end(), exact.get());
  try {
    const bool read = fuzz::run(target, {exact.get(), file.size()});
    if (accepted) *accepted = read;
    return true;
  } catch (const std::exception& error) {
    std::cerr << target.name << ": " << what << ": finding: " << error.what() << '\n';
    return false;
  }
}

/// A seed, cut off at any byte, and with each byte changed in some ways.
bool reads_with_faults(const fuzz::Target& target, const Bytes& seed, const std::string& what, bool& accepted,
                       long& count) {
  constexpr std::size_t most = 1500;  // of a longer file only so many places
  const std::size_t step = std::max<std::size_t>(1, seed.size() / most);
  bool well = reads(target, seed, what, &accepted);
  for (std::size_t at = 0; at < seed.size(); at += step) {
    const std::string here = what + ", byte " + std::to_string(at);
    well = reads(target, std::span(seed).first(at), here + ", cut") && well;
    for (const int mask : {0x01, 0x80, 0xFF}) {
      Bytes changed = seed;
      changed[at] ^= static_cast<std::byte>(mask);
      well = reads(target, changed, here + ", changed") && well;
    }
    count += 4;
  }
  ++count;
  return well;
}

/// Calls action(bytes, name) for each file of a folder, in the order of their names, and for each one within a pack: a length
/// of four bytes (little-endian) and as many bytes, again and again.
template <typename Action>
void for_each_file(const std::filesystem::path& folder, const Action& action) {
  if (!std::filesystem::exists(folder)) return;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) {
    const Bytes file = lamina::detail::read_file(path);
    if (path.extension() != ".pack") {
      action(std::span<const std::byte>(file), path.string());
      continue;
    }
    std::size_t number = 0;
    for (std::span<const std::byte> left = file; !left.empty(); ++number) {
      std::size_t size = 0;
      for (std::size_t i = 4; i-- > 0;) size = size << 8 | std::to_integer<std::size_t>(left[i]);
      action(left.subspan(4, size), path.string() + ":" + std::to_string(number));
      left = left.subspan(4 + size);
    }
  }
}

int pack(const std::filesystem::path& folder, const std::filesystem::path& to) {
  Bytes packed;
  for_each_file(folder, [&](std::span<const std::byte> file, const std::string&) {
    for (int i = 0; i < 4; ++i) packed.push_back(static_cast<std::byte>(file.size() >> 8 * i & 0xFF));
    packed.insert(packed.end(), file.begin(), file.end());
  });
  std::filesystem::create_directories(to.parent_path());
  lamina::write_file(to, packed);
  return 0;
}

int replay(const fuzz::Target& target, std::span<char*> folders) {
  bool well = true;
  long count = 0;
  std::size_t accepted = 0;
  const auto seeds = target.seeds();
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    bool whole = false;
    well = reads_with_faults(target, seeds[i], "seed " + std::to_string(i), whole, count) && well;
    accepted += whole;
  }
  if (accepted < seeds.size() / 2 + 1) {  // some are there to be refused
    std::cerr << target.name << ": only " << accepted << " of its " << seeds.size() << " seeds are not refused\n";
    well = false;
  }
  for (const char* folder : folders)
    for_each_file(folder, [&](std::span<const std::byte> file, const std::string& name) {
      well = reads(target, file, name) && well;
      ++count;
    });
  std::cout << target.name << ": " << count << " files read, " << (well ? "no finding" : "with findings") << '\n';
  return well ? 0 : 1;
}

int write_seeds(const fuzz::Target& target, const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::create_directories(to);
  std::size_t count = 0;
  const auto write = [&](std::span<const std::byte> file, const std::string&) {
    lamina::write_file(to / ("seed-" + std::to_string(count++)), file);
  };
  for (const Bytes& seed : target.seeds()) write(seed, {});
  for_each_file(from, write);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  const std::span<char*> given(arguments, static_cast<std::size_t>(count));
  const std::string command = count > 1 ? given[1] : "", name = count > 2 ? given[2] : "";
  if (command == "pack" && count == 4) return pack(given[2], given[3]);
  if (command == "targets") {
    for (const auto& target : fuzz::targets()) std::cout << target.name << '\n';
    return 0;
  }
  const auto& all = fuzz::targets();
  const auto target = std::find_if(all.begin(), all.end(), [&](const auto& known) { return known.name == name; });
  if (target != all.end() && command == "replay") return replay(*target, given.subspan(3));
  if (target != all.end() && command == "seeds" && count == 5) return write_seeds(*target, given[3], given[4]);
  std::cerr << "expects replay <target> <folder>..., seeds <target> <from> <to>, pack <folder> <file> or targets\n";
  return 2;
}
