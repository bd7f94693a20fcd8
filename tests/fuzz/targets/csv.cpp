// CSV files: whatever is read comes back the same by the options that reading completed.

#include <algorithm>
#include <lamina/data/csv.hpp>
#include <stdexcept>

#include "../target.hpp"

namespace {

using namespace lamina;

void check(std::span<const std::byte> file, const CsvOptions& options) {
  const std::string_view text = fuzz::text(file);
  const Csv csv = parse_csv(text, options, "x");
  fuzz::require(csv.data.sample_shape()[0] == std::ssize(csv.feature_names), "features without a name");
  const Csv again = parse_csv(text, csv.options, "x");
  fuzz::require(std::ranges::equal(csv.data.floats(), again.data.floats()), "other samples by completed options");
  fuzz::require(csv.data.labels() == again.data.labels(), "other classes by completed options");
  fuzz::require(csv.skipped == again.skipped, "other rows by completed options");
  if (csv.options.missing == MissingValues::skip && csv.skipped > 0) return;
  const Tensor<float, 2> samples = parse_csv_features(text, csv.options, "x");
  fuzz::require(std::equal(samples.data(), samples.data() + samples.size(), csv.data.floats().begin()),
                "other samples without targets");
}

/// The first byte chooses the options.
void read(std::span<const std::byte> file) {
  if (file.empty()) return;
  const unsigned choice = std::to_integer<unsigned>(file[0]);
  CsvOptions options{.missing = static_cast<MissingValues>(choice / 4 % 3),
                     .delimiter = choice & 64 ? ';' : ',',
                     .header = (choice & 128) != 0};
  const char* const first = options.header ? "a" : "0";
  if (choice & 1)
    options.label = first;
  else
    options.targets = {first};
  if (choice & 2) options.categories = {{options.header ? "b" : "1", {}}};
  try {
    check(file.subspan(1), options);
  } catch (const OptionError& error) {  // columns that the file does not have
    throw DataError(error.what());
  }
}

fuzz::Bytes file_of(unsigned choice, std::string_view text) {
  fuzz::Bytes file{static_cast<std::byte>(choice)};
  for (const char c : text) file.push_back(static_cast<std::byte>(c));
  return file;
}

std::vector<fuzz::Bytes> seeds() {
  return {file_of(128, "a,b,c\n1,2,3\n4,5,6\n"),
          file_of(128 + 3, "a,b,c\ncat,x,3\ndog,\"y \"\"z\",-1e3\r\n"),
          file_of(128 + 3 + 4, "a,b,c\n1,x,\n2,,3\n3,y,1\n"),
          file_of(128 + 8 + 64,
                  "\xEF\xBB\xBF"
                  "a;b\n1;NA\n2;3\n"),
          file_of(1, "cat,1\ndog,2\n"),
          file_of(2, "1,x,2\n3,y,4\n")};
}

const fuzz::Known known({"csv", read, [](std::size_t size) { return 400 * size + (std::size_t{1} << 20); }, seeds});

}  // namespace
