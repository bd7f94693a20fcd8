#include <cmath>
#include <lamina/core/write_file.hpp>
#include <lamina/data/csv.hpp>
#include <string>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "scratch.hpp"

using namespace lamina;

namespace {

using Words = std::vector<std::string>;

const std::string houses =
    "area,city,rooms,price\n"
    "50,Rome,2,100.5\n"
    "70.25,Oslo,3,-2e2\n"
    "\"+90\",\" Rome \",4,300\n";

Csv read(const std::string& text, const CsvOptions& options = {.targets = {"price"}, .categories = {{"city"}}}) {
  return parse_csv(text, options, "x.csv");
}
std::string why(const std::string& text, const CsvOptions& options = {.targets = {"price"}, .categories = {{"city"}}}) {
  return refusal<DataError>([&] { read(text, options); });
}
std::string why_options(const CsvOptions& options, const std::string& text = houses) {
  return refusal<OptionError>([&] { read(text, options); });
}

void check_row(const Dataset<1>& data, Index n, const std::vector<float>& wanted) {
  const auto row = data.at(n);
  REQUIRE(row.size() == std::ssize(wanted));
  for (Index f = 0; f < row.size(); ++f) CHECK(row(f) == wanted[static_cast<std::size_t>(f)]);
}

}  // namespace

TEST_CASE("a table of numbers and words becomes features, one column per word, and targets") {
  const Csv csv = read(houses);
  CHECK(csv.feature_names == Words{"area", "city=Oslo", "city=Rome", "rooms"});
  REQUIRE(csv.data.size() == 3);
  check_row(csv.data, 0, {50, 0, 1, 2});
  check_row(csv.data, 1, {70.25F, 1, 0, 3});
  check_row(csv.data, 2, {90, 0, 1, 4});
  CHECK(csv.data.targets()(0, 0) == 100.5F);
  CHECK(csv.data.targets()(1, 0) == -200);
  CHECK(csv.options.features == Words{"area", "city", "rooms"});
  CHECK(csv.options.categories[0].words == Words{"Oslo", "Rome"});
}

TEST_CASE("columns are chosen, in the order asked for; others may hold anything") {
  const Csv csv = read("id,b,a,note,y,z\nx1,2,1,\"hello, world\",5,6\nx2,4,3,,7,8\n",
                       {.targets = {"z", "y"}, .features = {"a", "b"}});
  REQUIRE(csv.data.size() == 2);
  check_row(csv.data, 0, {1, 2});
  check_row(csv.data, 1, {3, 4});
  CHECK(csv.data.targets()(1, 0) == 8);
  CHECK(csv.data.targets()(1, 1) == 7);
  CHECK(csv.data.class_names() == Words{"z", "y"});
}

TEST_CASE("labels are words in the order of the alphabet, numbers by their value, or as they are given") {
  const auto names = [](const std::string& labels, const Words& given = {}) {
    std::string text = "x,label\n";
    std::size_t at = 0;
    for (std::size_t end; (end = labels.find(' ', at)) != std::string::npos; at = end + 1)
      text += "1," + labels.substr(at, end - at) + "\n";
    const Csv csv = read(text, {.label = "label", .class_names = given});
    return std::pair(csv.data.class_names(), csv.data.labels());
  };
  using Labels = std::vector<std::int32_t>;
  CHECK(names("dog cat dog eel ") == std::pair(Words{"cat", "dog", "eel"}, Labels{1, 0, 1, 2}));
  CHECK(names("10 9 -1 ") == std::pair(Words{"-1", "9", "10"}, Labels{2, 1, 0}));
  CHECK(names("dog cat ", {"eel", "dog", "cat"}) == std::pair(Words{"eel", "dog", "cat"}, Labels{1, 2}));
}

TEST_CASE("another file is read by the options of the first: words, classes, means and their order") {
  const Csv train =
      read("n,c,y\n1,b,u\n3,a,v\n,a,u\n", {.label = "y", .categories = {{"c"}}, .missing = MissingValues::mean});
  check_row(train.data, 2, {2, 1, 0});
  CHECK(train.options.means[0] == 2);
  const Csv test = read("y,c,n\nv,b,NA\n", train.options);
  CHECK(test.feature_names == train.feature_names);
  check_row(test.data, 0, {2, 0, 1});
  CHECK(test.data.labels() == std::vector<std::int32_t>{1});
  CHECK(refusal<DataError>([&] { read("y,c,n\nv,c,1\n", train.options); }) ==
        "x.csv: line 2: column \"c\": the word \"c\" is none of the 2 of this category");
  CHECK(refusal<DataError>([&] { read("y,c,n\nw,a,1\n", train.options); }) ==
        "x.csv: line 2: column \"y\": the class \"w\" is none of the 2 of .class_names");
  const auto rows = parse_csv_features("n,c\n7,b\n?,a\n", train.options, "new.csv");
  REQUIRE(shape(rows) == Shape{2, 3});
  CHECK(rows(0, 0) == 7);
  CHECK(rows(0, 2) == 1);
  CHECK(rows(1, 0) == 2);
}

TEST_CASE("missing values are refused, skipped or the mean") {
  const std::string text = "a,b,y\n1,,5\n3,4,6\n,8,7\n";
  CHECK(why(text, {.targets = {"y"}}) ==
        "x.csv: line 2: column \"b\": the value is missing; .missing = MissingValues::mean or skip allows it");
  const Csv skipped = read(text, {.targets = {"y"}, .missing = MissingValues::skip});
  CHECK(skipped.skipped == 2);
  CHECK(skipped.data.size() == 1);
  CHECK(skipped.data.targets()(0, 0) == 6);
  const Csv mean = read(text, {.targets = {"y"}, .missing = MissingValues::mean});
  check_row(mean.data, 0, {1, 6});
  check_row(mean.data, 2, {2, 8});
  for (const std::string missing : {"", "NA", "n/a", "NaN", "NULL", " ? "})
    CHECK(read("a,y\n1,2\n" + missing + ",3\n", {.targets = {"y"}, .missing = MissingValues::skip}).skipped == 1);
  CHECK(why("a,y\n1,\n", {.targets = {"y"}, .missing = MissingValues::skip}) ==
        "x.csv: line 2: column \"y\": the target is missing");
  CHECK(why("a,y\n1,\n", {.label = "y"}) == "x.csv: line 2: column \"y\": the class is missing");
  CHECK(why("a,y\n,1\n,2\n", {.targets = {"y"}, .missing = MissingValues::mean}) ==
        "x.csv: column \"a\": all values are missing; leave it out of .features");
  CHECK(why("a,y\n,1\n", {.targets = {"y"}, .missing = MissingValues::skip}) ==
        "x.csv: expects at least one row of values but got none; 1 were left out for missing values");
  CHECK(why("a,c,y\n1,,1\n", {.targets = {"y"}, .categories = {{"c"}}, .missing = MissingValues::mean}) ==
        "x.csv: line 2: column \"c\": the word is missing; .missing = MissingValues::skip leaves such rows out");
  CHECK(refusal<DataError>([&] { parse_csv_features("a\n\"\"\n", {.missing = MissingValues::skip}, "n.csv"); }) ==
        "n.csv: line 2: column \"a\": the value is missing, and the row cannot be skipped");
}

TEST_CASE("quotes, ends of lines, a mark of the byte order, other delimiters and no header are read") {
  const Csv quoted = read("\xEF\xBB\xBF\"a \"\"x\"\"\",y\r\n\"1\",\"2\"\r\n\r\n\"3\",4", {.targets = {"y"}});
  CHECK(quoted.feature_names == Words{"a \"x\""});
  CHECK(quoted.data.size() == 2);
  CHECK(read("a;y\n1.5;2\n", {.targets = {"y"}, .delimiter = ';'}).data.at(0)(0) == 1.5F);
  CHECK(read("a\ty\n1\t2\n", {.targets = {"y"}, .delimiter = '\t'}).data.targets()(0, 0) == 2);
  const Csv plain = read("1,2,cat\n3,4,dog\n", {.label = "2", .header = false});
  CHECK(plain.data.size() == 2);
  CHECK(plain.feature_names == Words{"0", "1"});
  const Csv lines = read("c,y\n\"two\nlines\",1\nx,2\n", {.targets = {"y"}, .categories = {{"c"}}});
  CHECK(lines.feature_names == Words{"c=two\nlines", "c=x"});
  CHECK(why("c,y\n\"two\nlines\",1\nx,z\n", {.targets = {"y"}, .categories = {{"c"}}})
            .starts_with("x.csv: line 4: column \"y\""));
}

TEST_CASE("what is no table, or no number, is refused by line and column") {
  const std::string number = "; name a column of words in .categories, or leave it out of .features";
  CHECK(why("") == "x.csv: expects a table but it is empty");
  CHECK(why("area,city,price\n") == "x.csv: expects at least one row of values but got none");
  CHECK(why("a,price\n1,2,3\n", {.targets = {"price"}}) == "x.csv: line 2: expects 2 fields but got 3");
  CHECK(why("a,price\n1\n", {.targets = {"price"}}) == "x.csv: line 2: expects 2 fields but got 1");
  for (const std::string wrong : {"1,5", "0x10", "1e", "1 2", "inf", "1e39", "--1", "+-1", "twelve"})
    CHECK(why("a;price\n" + wrong + ";1\n", {.targets = {"price"}, .delimiter = ';'}) ==
          "x.csv: line 2: column \"a\": expects a number but got \"" + wrong + "\"" + number);
  CHECK(why("a,price\n\"1,2\n", {.targets = {"price"}}) == "x.csv: line 2: a quote is opened and not closed");
  CHECK(why("a,price\n\"1\"2,3\n", {.targets = {"price"}}) ==
        "x.csv: line 2: a quoted field has text behind its closing quote; double a quote that is part of it");
  CHECK(why("a,a,price\n1,2,3\n", {.targets = {"price"}}) ==
        "x.csv: has two columns called \"a\"; rename one, or read it with .header = false");
  CHECK(why("a,price\n\x01\x1b[2J,3\n", {.targets = {"price"}}).find("\x1b") == std::string::npos);
}

TEST_CASE("options that name no column, or one twice, are refused with the columns that there are") {
  CHECK(why_options({.targets = {"cost"}}) ==
        "read_csv: .targets has no column \"cost\" in x.csv; there are \"area\", \"city\", \"rooms\", \"price\"");
  CHECK(why_options({.label = "Price"}).starts_with("read_csv: .label has no column \"Price\""));
  CHECK(why_options({}) ==
        "read_csv: expects either .targets, columns of numbers, or .label, the column of the classes");
  CHECK(why_options({.targets = {"price"}, .label = "city"}).starts_with("read_csv: expects either .targets"));
  CHECK(why_options({.targets = {"price"}, .features = {"area", "price"}}) ==
        "read_csv: column \"price\" is a feature and the target");
  CHECK(why_options({.targets = {"price"}, .features = {"area"}, .categories = {{"city"}}}) ==
        "read_csv: category \"city\" is none of the features");
  CHECK(why_options({.targets = {"price"}, .categories = {{"town"}}})
            .starts_with("read_csv: .categories has no column \"town\""));
  CHECK(why_options({.targets = {"price"}, .categories = {{"city"}}, .means = {1}}) ==
        "read_csv: expects a number in .means for each of 3 features but got 1");
  CHECK(why_options({.targets = {"price"}, .delimiter = '"'}).starts_with("read_csv: expects a .delimiter"));
  CHECK(why_options({.targets = {"y"}}, "y\n1\n") == "x.csv: has no column beside the target");
}

TEST_CASE("words that are no categories cannot ask for more memory than the file justifies") {
  std::string text = "c,y\n";
  for (int n = 0; n < 30'000; ++n) text += std::to_string(n) + ",1\n";
  CHECK(
      why(text, {.targets = {"y"}, .categories = {{"c"}}})
          .starts_with(
              "x.csv: its words make 30000 columns of 30000 rows, much more than the file holds; leave out a column"));
  CHECK(why(std::string(300'000, ','), {.targets = {"y"}}) == "x.csv: line 1: has more than 100000 fields");
}

TEST_CASE("a CSV file is read from the disk, and one that is absent is named") {
  const Scratch scratch("csv");
  const auto file = scratch.path / "houses.csv";
  write_file(file, std::as_bytes(std::span(houses)));
  const Csv csv = read_csv(file, {.targets = {"price"}, .categories = {{"city"}}});
  CHECK(csv.data.size() == 3);
  CHECK(read_csv_features(file, csv.options).dimension(1) == 4);
  CHECK(refusal<DataError>([&] { read_csv(scratch.path / "no.csv", {.label = "x"}); }) ==
        (scratch.path / "no.csv").string() + ": there is no such file");
}
