#include <lamina/core/class_names.hpp>
#include <lamina/data/dataset.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;
using namespace lamina::detail;

namespace {

using Names = std::vector<std::string>;

std::string refused(const Names& names, const Names& expected) {
  return refusal<DataError>([&] { check_class_names("f", "the set", names, {"the model", "model", expected}); });
}

Names numbers(int count, const std::string& before = "") {
  Names names;
  for (int k = 0; k < count; ++k) names.push_back(before + std::to_string(k));
  return names;
}

}  // namespace

TEST_CASE("names fit where they are the same, or none, or only numbers that the other has not") {
  const Names animals{"cat", "dog"};
  CHECK(compare_class_names(animals, animals) == NamesFit::yes);
  CHECK(compare_class_names({}, animals) == NamesFit::yes);
  CHECK(compare_class_names(animals, {}) == NamesFit::yes);
  CHECK(compare_class_names(numbers(2), animals) == NamesFit::yes);
  CHECK(compare_class_names(animals, numbers(2)) == NamesFit::yes);
  CHECK(compare_class_names(Names{"cat"}, animals) == NamesFit::fewer);
  CHECK(compare_class_names(Names{"dog"}, animals) == NamesFit::other_order);
  CHECK(compare_class_names(Names{"dog", "cat"}, animals) == NamesFit::other_order);
  CHECK(compare_class_names(Names{"dog", "emu"}, animals) == NamesFit::no);
  CHECK(compare_class_names(Names{"cat", "dog", "emu"}, animals) == NamesFit::no);
  CHECK(compare_class_names(Names{"1", "0"}, numbers(2)) == NamesFit::other_order);  // names of folders, say
  CHECK(compare_class_names(Names{"1", "2"}, numbers(2)) == NamesFit::no);
}

TEST_CASE("names that do not fit are refused with both lists and what to do") {
  CHECK(refused({"dog", "cat"}, {"cat", "dog"}) ==
        "f: the classes of the set are \"dog\", \"cat\" but those of the model \"cat\", \"dog\", in this order; give the set "
        "these classes in this order: .reorder_classes(model.class_names())");
  CHECK(refused({"cat"}, {"cat", "dog"}) ==
        "f: the classes of the set are \"cat\" but those of the model \"cat\", \"dog\"; give the set these classes in this "
        "order: .reorder_classes(model.class_names())");
  CHECK(refused({"dog", "emu\n"}, {"cat", "dog"}) ==
        "f: the classes of the set are \"dog\", \"emu\\n\" but those of the model \"cat\", \"dog\"; number the labels of both by "
        "one list of classes or, where they mean the same, give both the same .class_names");
}

TEST_CASE("of many names a few are told, from the first that differs on") {
  Names here = numbers(1000, "n"), there = here;
  std::swap(there[500], there[501]);
  CHECK(refused(here, there).starts_with(
      "f: the classes of the set are … \"n500\", \"n501\", \"n502\", \"n503\", \"n504\", … (1,000 in all) but those of the "
      "model … \"n501\", \"n500\", \"n502\", \"n503\", \"n504\", … (1,000 in all), in this order;"));
}

TEST_CASE("other classes pass where they are learned or only asked about, but not the same in another order") {
  const Names animals{"cat", "dog"}, turned{"dog", "cat"}, others{"unknown"};
  CHECK_NOTHROW(check_class_order("f", "the set", others, {"the model", "model", animals}));
  CHECK_THROWS_AS(check_class_order("f", "the set", turned, {"the model", "model", animals}), DataError);
}

TEST_CASE("a set's classes are brought into another order, those that it has no sample of among them") {
  Dataset<1> set(std::vector<float>{1, 2, 3}, Shape{1}, std::vector<std::int32_t>{0, 1, 1}, {.class_names = {"emu", "cat"}});
  set.reorder_classes({"cat", "dog", "emu"});
  CHECK(set.labels() == std::vector<std::int32_t>{2, 0, 0});
  CHECK(set.classes() == 3);
  CHECK(set.class_name(2) == "emu");
  CHECK(set.class_counts() == std::vector<Index>{2, 0, 1});
  CHECK(refusal<OptionError>([&] { set.reorder_classes({"cat", "dog"}); }) ==
        "reorder_classes: expects each of the set's classes but \"emu\" is not among \"cat\", \"dog\"; give the names of all");
  CHECK(refusal<OptionError>([&] { set.reorder_classes({"cat", "dog", "cat", "emu"}); }) ==
        "reorder_classes: expects names that differ but got \"cat\" twice");
  CHECK(set.labels() == std::vector<std::int32_t>{2, 0, 0});
  Dataset<1> unnamed(std::vector<float>{1}, Shape{1}, std::vector<std::int32_t>{0});
  CHECK(refusal<OptionError>([&] { unnamed.reorder_classes({"cat"}); }) ==
        "reorder_classes: expects a set whose classes have names; give it .class_names when it is made");
}

TEST_CASE("columns of target rows are brought into another order together with their normalisation") {
  Tensor<float, 2> rows(2, 3);
  rows.setValues({{1, 2, 3}, {4, 5, 6}});
  Dataset<1> set(std::vector<float>{1, 2}, Shape{1}, rows, {.class_names = {"a", "b", "c"}});
  set.normalise_targets({{1, 2, 3}, {10, 20, 30}});
  set.reorder_classes({"c", "a", "b"});
  const float expected[] = {3, 1, 2, 6, 4, 5};
  CHECK(std::equal(expected, expected + 6, set.targets().data()));
  CHECK(set.target_normalisation().mean == std::vector<double>{3, 1, 2});
  CHECK(set.target_normalisation().deviation == std::vector<double>{30, 10, 20});
  CHECK(refusal<OptionError>([&] { set.reorder_classes({"a", "b", "c", "d"}); }) ==
        "reorder_classes: expects a name for each of the 3 columns of the target rows but got 4");
}

TEST_CASE("labels that begin at 1 are told so") {
  CHECK(refusal<DataError>([] {
          Dataset<1>(std::vector<float>{1, 2, 3}, Shape{1}, std::vector<std::int32_t>{3, 1, 2}, {.classes = 3});
        }) == "Dataset: label 3 of sample 0 is outside the 3 classes 0 … 2; the labels begin at 1, and classes at 0: subtract 1 "
              "from each");
}
