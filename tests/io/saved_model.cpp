#include <cmath>
#include <cstring>
#include <fstream>
#include <lamina/io/saved_model.hpp>

#include <lamina/core/version.hpp>
#include <lamina/layers/pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/models/sequential.hpp>
#include <limits>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../data/scratch.hpp"
#include "parameter_bytes.hpp"
#include "raw_file.hpp"
#include "scale.hpp"

#if !defined(_WIN32)
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <lamina/io/load_model.hpp>
#endif

using namespace lamina;

namespace {

constexpr auto nested = Sequential{Sequential{Conv{.filters = 3, .kernel = {3, 2}}, ReLU{}, MaxPool{.window = 2}},
                                   Flatten{}, Sequential{ReLU{}, Dense{.units = 5}, Scale{}}, Dense{.units = 2}};
constexpr Shape image{6, 7, 2};

template <typename T>
auto nested_model(std::uint64_t seed) {
  return BasicModel<T>(nested, image, Rng{seed});
}

/// The numbers of a file, in the file's order.
template <typename T, typename M>
std::vector<T> numbers_of(const M& model) {
  const auto file = save_bytes(model);
  const auto begin = detail::parse_safetensors(file).numbers;
  std::vector<T> numbers((file.size() - begin) / sizeof(T));
  std::memcpy(numbers.data(), file.data() + begin, numbers.size() * sizeof(T));
  return numbers;
}

/// A dense layer of two units over three features: six weights and two biases.
Model small() { return {Dense{.units = 2}, Shape{3}, Rng{1}}; }

std::string header(const std::string& weight, const std::string& bias) {
  return "{\"weight\":{" + weight + "},\"bias\":{" + bias + "}}";
}
const std::string good_weight = R"("dtype":"F32","shape":[2,3],"data_offsets":[0,24])";
const std::string good_bias = R"("dtype":"F32","shape":[2],"data_offsets":[24,32])";

/// The text with which a small model refuses these bytes; it must then be what it was.
std::string refused(const std::vector<std::byte>& file) {
  auto model = small();
  const auto before = parameter_bytes(model);
  const std::string text = refusal<DataError>([&] { load_bytes(model, file); });
  CHECK(parameter_bytes(model) == before);
  return text;
}

const std::string remedy =
    "; build the model with the layers and the sample shape that it was saved with; load_pytorch reads state dicts of PyTorch";

}  // namespace

TEMPLATE_TEST_CASE("a model that was saved is loaded bit by bit", "", float, double) {
  const Scratch scratch("save-round-trip");
  const auto path = scratch.path / "model.safetensors";
  const auto saved = nested_model<TestType>(1);
  auto loaded = nested_model<TestType>(2);
  REQUIRE(parameter_bytes(loaded) != parameter_bytes(saved));
  save(saved, path);
  load(loaded, path);
  CHECK(parameter_bytes(loaded) == parameter_bytes(saved));
  CHECK(save_bytes(loaded) == detail::read_file(path));
  Tensor<TestType, 4> x(2, 6, 7, 2);
  x.setRandom();
  const auto y = saved(x), z = loaded(x);
  CHECK(std::equal(y.data(), y.data() + y.size(), z.data()));
}

TEST_CASE("names count all layers, as nn.Sequential does, and shapes are PyTorch's") {
  const auto bytes = save_bytes(nested_model<float>(1));
  const auto file = detail::parse_safetensors(bytes);
  std::vector<std::string> lines;
  for (const auto& entry : file.entries)
    lines.push_back(entry.name + " " + entry.dtype + " " + detail::format_shape(entry.shape));
  CHECK(lines == std::vector<std::string>{"0.0.weight F32 (3, 2, 3, 2)", "0.0.bias F32 (3)", "2.1.weight F32 (5, 18)",
                                          "2.1.bias F32 (5)", "2.2.factor F32 (5)", "3.weight F32 (2, 5)",
                                          "3.bias F32 (2)"});
  CHECK(file.metadata.at("format") == "pt");
  CHECK(file.metadata.at("lamina") == library_version);
  CHECK(file.numbers % 8 == 0);
}

TEST_CASE("every weight is where PyTorch keeps it: a convolution, and the dense layer over its image") {
  constexpr auto network = Sequential{Conv{.filters = 2, .kernel = {1, 2}}, Sequential{Flatten{}, ReLU{}},
                                      Sequential{Dense{.units = 2}}, Dense{.units = 2}};
  BasicModel<double> model{network, Shape{2, 3, 2}, Rng{1}};
  double next = 0;
  visit_parameters(
      [&](auto& x) {
        for (Index i = 0; i < x.size(); ++i) x.data()[i] = next++;
      },
      model.parameters());
  // Counted in memory: w[r,s,c,k] from 0, two biases, w[u,h,w,c] from 10 on an image (2, 2, 2), two biases, w[u,f].
  CHECK(numbers_of<double>(model) ==
        std::vector<double>{0,  4,  2,  6,                     // k = 0: c = 0: s = 0, 1; c = 1
                            1,  5,  3,  7,                     // k = 1
                            8,  9,                             // biases
                            10, 12, 14, 16, 11, 13, 15, 17,    // u = 0: c = 0: (h, w) in order; c = 1
                            18, 20, 22, 24, 19, 21, 23, 25,    // u = 1
                            26, 27, 28, 29, 30, 31, 32, 33});  // the rest as it is
}

TEST_CASE("a file's bytes are little-endian numbers behind a header") {
  Model model{Dense{.units = 1}, Shape{1}, Rng{1}};
  model.parameters().tensor<2>("weight")(0, 0) = 1.0F;  // 0x3F800000
  model.parameters().tensor<1>("bias")(0) = -2.5F;      // 0xC0200000
  const auto file = save_bytes(model);
  const std::vector<std::byte> numbers(file.end() - 8, file.end());
  const unsigned char expected[] = {0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x20, 0xC0};
  CHECK(std::equal(numbers.begin(), numbers.end(), std::as_bytes(std::span(expected)).begin()));
}

TEST_CASE("float files are read into models of double exactly, double files into models of float rounded") {
  const auto in_float = nested_model<float>(1);
  auto in_double = nested_model<double>(2);
  load_bytes(in_double, save_bytes(in_float));
  const auto& from = in_float.parameters().tensor<4>("0.0.weight");
  const auto& to = in_double.parameters().tensor<4>("0.0.weight");
  for (Index i = 0; i < from.size(); ++i) CHECK(to.data()[i] == static_cast<double>(from.data()[i]));

  BasicModel<double> dense{Dense{.units = 2}, Shape{3}, Rng{1}};
  dense.parameters().tensor<2>("weight")(1, 2) = -std::numeric_limits<double>::infinity();
  auto rounded = small();
  load_bytes(rounded, save_bytes(dense));
  const auto& exact = std::as_const(dense).parameters().tensor<2>("weight");
  for (Index i = 0; i < exact.size(); ++i)
    CHECK(rounded.parameters().tensor<2>("weight").data()[i] == static_cast<float>(exact.data()[i]));
  dense.parameters().tensor<1>("bias")(1) = 1e300;
  CHECK(refused(save_bytes(dense)) ==
        "bias: holds 1e+300, which is too large for the model's numbers; make them double");
}

TEST_CASE("half and bfloat16 files, whose numbers are floats too, are read exactly") {
  const auto file = [](const std::string& dtype, const std::vector<unsigned>& numbers) {
    auto bytes = raw_file(R"({"weight":{"dtype":")" + dtype + R"(","shape":[2,3],"data_offsets":[0,12]},)" +
                              R"("bias":{"dtype":")" + dtype + R"(","shape":[2],"data_offsets":[12,16]}})",
                          0);
    for (const unsigned number : numbers) {
      bytes.push_back(static_cast<std::byte>(number & 0xFF));
      bytes.push_back(static_cast<std::byte>(number >> 8));
    }
    return bytes;
  };
  auto model = small();
  load_bytes(model, file("F16", {0x3C00, 0xC100, 0x3555, 0x7C00, 0x0001, 0x7BFF, 0x8000, 0x0400}));
  const auto& p = std::as_const(model).parameters();
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK(std::vector<float>(p.tensor<2>("weight").data(), p.tensor<2>("weight").data() + 6) ==
        std::vector<float>{1, -2.5F, 0.333251953125F, infinity, 0x1p-24F, 65504});
  CHECK(p.tensor<1>("bias")(1) == 0x1p-14F);
  load_bytes(model, file("BF16", {0x3F80, 0xC020, 0x3EAB, 0x7F80, 0x0001, 0x7F7F, 0x8000, 0x0080}));
  CHECK(std::vector<float>(p.tensor<2>("weight").data(), p.tensor<2>("weight").data() + 5) ==
        std::vector<float>{1, -2.5F, 0.333984375F, infinity, 0x1p-133F});
  CHECK(std::signbit(p.tensor<1>("bias")(0)));
}

TEST_CASE("numbers that are not finite are loaded as they are") {
  auto saved = small();
  saved.parameters().tensor<2>("weight")(0, 1) = std::numeric_limits<float>::infinity();
  saved.parameters().tensor<2>("weight")(1, 2) = -std::numeric_limits<float>::quiet_NaN();
  saved.parameters().tensor<1>("bias")(0) = -0.0F;
  saved.parameters().tensor<1>("bias")(1) = std::numeric_limits<float>::denorm_min();
  auto loaded = small();
  load_bytes(loaded, save_bytes(saved));
  CHECK(parameter_bytes(loaded) == parameter_bytes(saved));
}

TEST_CASE("a network that learns nothing has a file too") {
  Model model{Sequential{Flatten{}, ReLU{}}, Shape{2, 2, 1}, Rng{1}};
  load_bytes(model, save_bytes(model));
  CHECK(detail::parse_safetensors(save_bytes(model)).entries.empty());
}

TEST_CASE("a file made by others is loaded: its order, its metadata and its padding are its own") {
  auto model = small();
  load_bytes(model, raw_file(R"({"bias":{"shape":[2],"data_offsets":[0,8],"dtype":"F32"},)"
                             R"("weight":{"dtype":"F32","shape":[2,3],"data_offsets":[8,32]}}  )",
                             32));
  const auto file = raw_file("", 32);
  CHECK(std::memcmp(model.parameters().tensor<1>("bias").data(), file.data() + 8, 8) == 0);
  CHECK(std::memcmp(model.parameters().tensor<2>("weight").data(), file.data() + 16, 24) == 0);
}

TEST_CASE("missing names and unexpected names are listed") {
  CHECK(refused(raw_file("{\"weight\":{" + good_weight + "}}", 24)) ==
        "is not a file of this model; missing: bias" + remedy);
  CHECK(refused(raw_file(R"({"weight":{)" + good_weight + R"(},"0.bias":{)" + good_bias + "}}", 32)) ==
        "is not a file of this model; missing: bias; unexpected: 0.bias" + remedy);
  CHECK(refused(raw_file("{}", 0)) == "is not a file of this model; missing: weight, bias" + remedy);
}

TEST_CASE("of many unexpected names ten are listed and the others counted") {
  std::string many = "{\"weight\":{" + good_weight + "},\"bias\":{" + good_bias + "}";
  for (int i = 10; i < 25; ++i)
    many += ",\"x" + std::to_string(i) + R"(":{"dtype":"F32","shape":[0],"data_offsets":[32,32]})";
  CHECK(refused(raw_file(many + "}", 32)) ==
        "is not a file of this model; unexpected: x10, x11, x12, x13, x14, x15, x16, x17, x18, x19 and 5 more" +
            remedy);
}

TEST_CASE("loaded not strictly, what both have is loaded, the rest stays, and the names are told") {
  constexpr auto head = [](Index classes) {
    return Sequential{Flatten{}, Dense{.units = 4}, ReLU{}, Sequential{Dense{.units = classes}, Scale{}}};
  };
  const Model trained{Sequential{Flatten{}, Dense{.units = 4}, ReLU{}, Dense{.units = 2}}, Shape{3}, Rng{1}};
  const auto file = save_bytes(trained, {.class_names = {"a", "b"}});
  Model finer{head(5), Shape{3}, Rng{2}};
  const auto before = std::as_const(finer).parameters();
  CHECK(refusal<DataError>([&] { load_bytes(finer, file); }) ==
        "is not a file of this model; missing: 3.0.weight, 3.0.bias, 3.1.factor; unexpected: 3.weight, 3.bias" +
            remedy);
  const LoadResult found = load_bytes(finer, file, {.strict = false});
  CHECK(found.missing == std::vector<std::string>{"3.0.weight", "3.0.bias", "3.1.factor"});
  CHECK(found.unexpected == std::vector<std::string>{"3.weight", "3.bias"});
  CHECK(found.class_names == std::vector<std::string>{"a", "b"});
  const auto same = [](const auto& a, const auto& b) { return std::equal(a.data(), a.data() + a.size(), b.data()); };
  const auto& p = std::as_const(finer).parameters();
  CHECK(same(p.tensor<2>("1.weight"), trained.parameters().tensor<2>("1.weight")));
  CHECK(same(p.tensor<1>("1.bias"), trained.parameters().tensor<1>("1.bias")));
  CHECK(same(p.tensor<2>("3.0.weight"), before.tensor<2>("3.0.weight")));
  CHECK(same(p.tensor<1>("3.1.factor"), before.tensor<1>("3.1.factor")));
}

TEST_CASE(
    "tensors of another shape are refused, and nothing changes, unless they are to be skipped: then they are told") {
  Model model{Sequential{Dense{.units = 4}, Dense{.units = 5}}, Shape{3}, Rng{1}};
  const auto before = parameter_bytes(model);
  const Model trained{Sequential{Dense{.units = 4}, Dense{.units = 2}}, Shape{3}, Rng{2}};
  const auto file = save_bytes(trained, {.class_names = {"a", "b"}});
  const std::string weight = "1.weight expects F32 (5, 4) but got F32 (2, 4)",
                    bias = "1.bias expects F32 (5) but got F32 (2)";
  const std::string wrong = "is not a file of this model; " + weight + ", " + bias;
  CHECK(refusal<DataError>([&] { load_bytes(model, file); }) == wrong + remedy);
  CHECK(refusal<DataError>([&] { load_bytes(model, file, {.strict = false}); }) ==
        wrong + "; to leave tensors of other shapes as they are, say {.strict = false, .skip_other_shapes = true}");
  CHECK(parameter_bytes(model) == before);

  for (const bool strict : {true, false}) {
    Model finer = model;
    const LoadResult found = load_bytes(finer, file, {.strict = strict, .skip_other_shapes = true});
    CHECK(found.other_shapes == std::vector<std::string>{weight, bias});
    CHECK(found.missing.empty());
    CHECK(found.unexpected.empty());
    CHECK(found.class_names == std::vector<std::string>{"a", "b"});
    CHECK(parameter_bytes(finer) != before);
    const auto end = [&](const std::vector<std::byte>& all) {
      return std::vector(all.end() - (5 * 4 + 5) * 4, all.end());
    };
    const auto begin = [&](const std::vector<std::byte>& all) {
      return std::vector(all.begin(), all.begin() + (4 * 3 + 4) * 4);
    };
    CHECK(end(parameter_bytes(finer)) == end(before));
    CHECK(begin(parameter_bytes(finer)) == begin(parameter_bytes(trained)));
  }
}

TEST_CASE("where tensors of other shapes are skipped, all else is asked for as without that") {
  const LoadOptions skip{.skip_other_shapes = true};
  Model model{Sequential{Dense{.units = 4}, Dense{.units = 2}}, Shape{3}, Rng{1}};
  const auto before = parameter_bytes(model);
  const Model deeper{Sequential{Dense{.units = 4}, ReLU{}, Dense{.units = 3}}, Shape{3}, Rng{2}};
  CHECK(refusal<DataError>([&] { load_bytes(model, save_bytes(deeper), skip); }) ==
        "is not a file of this model; missing: 1.weight, 1.bias; unexpected: 2.weight, 2.bias" + remedy);
  auto one = small();
  CHECK(refusal<DataError>([&] {
          load_bytes(one, raw_file(header(R"("dtype":"I32","shape":[3,2],"data_offsets":[0,24])", good_bias), 32), skip);
        }) == "is not a file of this model; weight expects F32 (2, 3) but got I32 (3, 2)" + remedy);
  CHECK(parameter_bytes(model) == before);
  Model another = model;
  another.reset_parameters(Rng{2});
  CHECK(load_bytes(model, save_bytes(another), skip).other_shapes.empty());
}

TEST_CASE("a wrong shape is refused: other extents, transposed, of another rank") {
  const std::string text = "is not a file of this model; weight expects F32 (2, 3) but got F32 ";
  CHECK(refused(raw_file(header(R"("dtype":"F32","shape":[3,2],"data_offsets":[0,24])", good_bias), 32)) ==
        text + "(3, 2)" + remedy);
  CHECK(refused(raw_file(header(R"("dtype":"F32","shape":[6],"data_offsets":[0,24])", good_bias), 32)) ==
        text + "(6)" + remedy);
  CHECK(refused(raw_file(header(R"("dtype":"F32","shape":[2,3,1],"data_offsets":[0,24])", good_bias), 32)) ==
        text + "(2, 3, 1)" + remedy);
}

TEST_CASE("a wrong dtype is refused by name, even where the bytes are as many") {
  CHECK(refused(raw_file(header(R"("dtype":"I32","shape":[2,3],"data_offsets":[0,24])", good_bias), 32)) ==
        "is not a file of this model; weight expects F32 (2, 3) but got I32 (2, 3)" + remedy);
}

TEST_CASE("a small model's file cut at any byte is refused and changes nothing") {
  const auto file = save_bytes(small());
  for (std::size_t size = 0; size < file.size(); ++size)
    CHECK(refused({file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)}) != "nothing was refused");
  CHECK(refused(file) == "nothing was refused");
}

TEST_CASE("an image of another shape is refused, for the dense layer sees it") {
  constexpr auto network = Sequential{Flatten{}, Dense{.units = 1}};
  Model wide{network, Shape{2, 3, 1}, Rng{1}}, large{network, Shape{3, 3, 1}, Rng{1}};
  CHECK(refusal<DataError>([&] { load_bytes(large, save_bytes(wide)); }) ==
        "is not a file of this model; 1.weight expects F32 (1, 9) but got F32 (1, 6)" + remedy);
}

TEST_CASE("what cannot be loaded names the file") {
  const Scratch scratch("load-refused");
  auto model = small();
  const auto before = parameter_bytes(model);
  const auto path = scratch.path / "file";
  const auto load_refused = [&](const std::filesystem::path& from) {
    return refusal<DataError>([&] { load(model, from); });
  };
  CHECK(load_refused(path) == path.string() + ": there is no such file");
  CHECK(load_refused(scratch.path) == scratch.path.string() + ": expects a file but it is a directory");
  std::ofstream(path).close();
  CHECK(load_refused(path) == path.string() + ": expects a header but has only 0 bytes");
  write_file(path, raw_file("{}", 0));
  CHECK(load_refused(path) == path.string() + ": is not a file of this model; missing: weight, bias" + remedy);
  CHECK(parameter_bytes(model) == before);
}

TEST_CASE("what cannot be saved names the file and the reason, and the old file stays") {
  const Scratch scratch("save-refused");
  const auto path = scratch.path / "absent" / "model";
  CHECK(refusal<DataError>([&] { save(small(), path); }) ==
        path.string() + ": cannot be written: there is no folder " + path.parent_path().string() + "; make it first");
  CHECK(refusal<DataError>([&] { save(small(), scratch.path); }) ==
        scratch.path.string() + ": expects a file but it is a directory; give it a file's name");
  CHECK(std::filesystem::is_empty(scratch.path));
}

namespace {

/// A user's layer with two tensors of one name, by mistake.
struct Twins : Scale {
  template <typename T>
  struct Parameters : Scale::Parameters<T> {
    template <typename Visitor, typename... Self>
    static void visit(Visitor&& visitor, Self&... self) {
      visitor("factor", self.factor...);
      visitor("factor", self.factor...);
    }
  };
  template <typename T>
  Parameters<T> initialize(const Shape<2>& in, Rng rng) const {
    return {Scale::initialize<T>(in, rng)};
  }
};

}  // namespace

TEST_CASE("a layer with two tensors of one name is refused before its file is touched") {
  const Scratch scratch("save-twins");
  const auto path = scratch.path / "model";
  write_file(path, raw_file("{}", 0));
  const Model model{Twins{}, Shape{2}, Rng{1}};
  CHECK(refusal<DataError>([&] { save(model, path); }) ==
        path.string() + ": expects names that differ but got \"factor\" twice");
  CHECK(detail::read_file(path) == raw_file("{}", 0));
}

#if !defined(_WIN32)

namespace {

/// Saves a model of this many units under a name and loads what is there, again and again, for so many seconds: how often.
/// Throws when something cannot be loaded, or is not as it was saved.
int save_and_load(const std::filesystem::path& path, Index units, double seconds) {
  using Clock = std::chrono::steady_clock;
  const Model saved{Sequential{Dense{.units = units}, Dense{.units = 2}}, Shape{20}, Rng{static_cast<std::uint64_t>(units)}};
  int times = 0;
  for (const auto start = Clock::now(); std::chrono::duration<double>(Clock::now() - start).count() < seconds; ++times) {
    save(saved, path);
    for (int i = 0; i < 5; ++i) {
      const auto loaded = load_model(path).model;
      const Index of = loaded.layers()[0].out.back();
      const Model expected{Sequential{Dense{.units = of}, Dense{.units = 2}}, Shape{20}, Rng{static_cast<std::uint64_t>(of)}};
      if (save_bytes(loaded) != save_bytes(expected)) throw DataError("another model than any that was saved");
    }
  }
  return times;
}

}  // namespace

TEST_CASE("eight processes save and load models of many sizes under one name, and none gets half of one or nothing") {
  const Scratch scratch("save-eight");
  const auto path = scratch.path / "model.safetensors";
  save(Model{Sequential{Dense{.units = 3}, Dense{.units = 2}}, Shape{20}, Rng{3}}, path);
  std::vector<pid_t> children;
  for (const Index units : {3, 10, 31, 100, 301, 1000, 3001, 10000}) {
    const pid_t child = fork();
    if (child == 0) {
      try {
        _exit(save_and_load(path, units, 3) > 0 ? 0 : 1);
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        _exit(1);
      }
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 1;
    waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  CHECK(std::distance(std::filesystem::directory_iterator(scratch.path), {}) == 1);
}

#endif

TEST_CASE("a loaded model knows what its classes are called, and is saved under no other order of them") {
  const Scratch scratch("names");
  Model model = small(), loaded = small();
  model.set_class_names({"cat", "dog"});
  CHECK(refusal<DataError>([&] { save(model, scratch.path / "x", {.class_names = {"dog", "cat"}}); }).find(
            "metadata: the classes of the metadata are \"dog\", \"cat\" but those of the model \"cat\", \"dog\", in this order") !=
        std::string::npos);
  save(model, scratch.path / "named", {.class_names = {"cat", "dog"}});
  save(model, scratch.path / "unnamed");
  load(loaded, scratch.path / "named");
  REQUIRE(loaded.class_names().size() == 2);
  CHECK(loaded.class_names()[1] == "dog");
  load(loaded, scratch.path / "unnamed");
  CHECK(loaded.class_names().empty());
  Model other{Dense{.units = 3}, Shape{3}, Rng{1}};
  load(other, scratch.path / "named", {.strict = false, .skip_other_shapes = true});
  CHECK(other.class_names().empty());
}

TEST_CASE("the name of a file that cannot be read moves no cursor and keeps to its line") {
  Model model = small();
  CHECK(refusal<DataError>([&] { load(model, "no\n\x1b[2J\xE9"); }) == "no\\n\\x1b[2J\\xe9: there is no such file");
}
