// Exported headers are compiled by the compilers that are found, without exceptions and type information, and run: one
// program for all networks. Without a compiler this is skipped.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <lamina/core/files.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/io/export_cpp.hpp>
#include <lamina/models/network.hpp>
#include <lamina/layers/identity.hpp>
#include <lamina/models/add.hpp>
#include <lamina/models/concat.hpp>
#include <lamina/models/mul.hpp>
#include <lamina/models/residual.hpp>
#include <lamina/models/sequential.hpp>
#include <sstream>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../data/scratch.hpp"
#include "../lenet.hpp"
#include "layers_one_by_one.hpp"
#include "random_network.hpp"
#include "scale.hpp"

using namespace lamina;

namespace {

/// The same numbers here and in a program: of all sizes from −1 to 1, both signs.
constexpr const char* formula = "static_cast<float>((37 * i) % 101) / 50.0f - 1.0f";
template <AnyTensor X>
X samples(const Shape<rank_v<X>>& shape) {
  X x;
  reshape(x, shape);
  for (Index i = 0; i < x.size(); ++i)
    x.data()[i] = static_cast<scalar_t<X>>(static_cast<float>((37 * i) % 101) / 50.0F - 1.0F);
  return x;
}

/// A program of exported headers, and what it has to print.
struct Program {
  std::filesystem::path folder;
  std::string includes = "#include <stdio.h>\n", calls{};
  std::vector<double> expected{}, tolerance{};  // 1e-6 of a network's largest output, or of 1 where that is more

  template <int In = 4, typename T>
  void add(const std::string& name, const BasicModel<T>& model, const Metadata& metadata = {}) {
    if (model.sample_extents().size() + 1 != In) return add<2>(name, model, metadata);
    export_cpp(model, folder / (name + ".hpp"), metadata);
    includes += "#include \"" + name + ".hpp\"\n";
    calls += "  { static " + name + "::Number x[" + name + "::inputs], y[" + name + "::outputs]; static " + name +
             "::Memory memory;\n    for (int i = 0; i < " + name + "::inputs; ++i) x[i] = static_cast<" + name +
             "::Number>(" + formula + ");\n    " + name +
             "::predict(x, y, memory);\n    for (const auto number : y) printf(\"%.17g\\n\", "
             "static_cast<double>(number));\n    " +
             name + "::predict(x, y);\n    printf(\"%d\\n\", " + name + "::best(y)); }\n";
    const auto x = samples<Tensor<T, In>>(model.template input_shape<In>(1));
    const auto y = model(x);
    expected.insert(expected.end(), y.data(), y.data() + y.size());
    expected.push_back(model.classes(x)[0]);
    double largest = 1;
    for (Index i = 0; i < y.size(); ++i) largest = std::max(largest, std::abs(static_cast<double>(y.data()[i])));
    tolerance.resize(expected.size(), 1e-6 * largest);
  }

  void write() const {
    std::ofstream(folder / "main.cpp") << includes << "int main() {\n" << calls << "}\n";
  }
};

const std::string strict =
    " -fno-exceptions -fno-rtti -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wdouble-promotion "
    "-Werror ";

bool run(const std::string& command) { return std::system(command.c_str()) == 0; }

/// The compilers of this machine, this test's own first.
std::vector<std::string> compilers() {
  std::vector<std::string> found;
  for (const char* name : {LAMINA_COMPILER, "g++", "clang++", "c++"})
    if (run("command -v '" + std::string(name) + "' > /dev/null")) found.emplace_back(name);
  if (found.empty()) std::cout << "skipped: io/export_cpp: there is no compiler" << std::endl;
  return found;
}

}  // namespace

TEST_CASE("exported C++ predicts what the model predicts, compiled without exceptions, with every warning an error") {
  const Scratch scratch("export-cpp");
  Program program{scratch.path};
  program.add("every_layer", Model{every_layer, Shape{11, 13, 2}, Rng{1}});
  program.add("in_double", BasicModel<double>{every_layer, Shape{11, 13, 2}, Rng{1}});
  program.add("small_lenet", Model{lenet, Shape{28, 28, 1}, Rng{2}});
  program.add("one_dense", Model{Dense{.units = 3}, Shape{5}, Rng{3}});
  program.add("nothing", Model{Sequential{Flatten{}}, Shape{2, 3, 1}, Rng{3}});
  constexpr Conv conv{.filters = 4, .kernel = 3, .padding = 1};
  constexpr Sequential factors{GlobalAveragePool{}, Flatten{}, Dense{.units = 4}, Sigmoid{}};
  program.add("branches", Model{Sequential{Concat{Conv{.filters = 2, .kernel = 1}, Identity{}, conv},
                                           Residual{Sequential{conv, ReLU{}, Conv{.filters = 10, .kernel = 3, .stride = 2, .padding = 1}},
                                                    Subsample{.stride = 2, .channels = 10}},
                                           Dropout{}, conv, Mul{Identity{}, factors}, Mul{factors, Tanh{}}, Add{Identity{}, conv, Identity{}},
                                           Mul{Identity{}, Identity{}}, Concat{Flatten{}, Sequential{GlobalMaxPool{}, Flatten{}}},
                                           Dense{.units = 6}, Add{Sequential{Dense{.units = 5}, Dense{.units = 6}}, Tanh{}}},
                                Shape{7, 6, 3}, Rng{4}});
  program.add("parts", Model{Sequential{Upsample{.scale_factor = {2, 3}}, Concat{Narrow{.start = 1, .length = 3}, Sequential{Narrow{.length = 1}, Tanh{}}},
                                        ChannelShuffle{.groups = 2}, Upsample{.scale_factor = {3, 2}, .bilinear = true}, Conv{.filters = 4}, Flatten{},
                                        Narrow{.start = 7, .length = 50}, Dense{.units = 3}},
                             Shape{2, 3, 4}, Rng{4}});
  program.add("larger", Model{Sequential{ConvTranspose{.filters = 4, .stride = 2, .padding = 1, .output_padding = 1}, ReLU{},
                                         ConvTranspose{.filters = 6, .kernel = {2, 3}, .stride = {3, 2}, .padding = {0, 1, 2, 0}, .output_padding = {2, 2},
                                                       .dilation = {1, 3}, .groups = 2, .bias = false},
                                         ConvTranspose{.filters = 6, .kernel = {4, 1}, .stride = 2, .padding = Same{}, .groups = 6}, Flatten{},
                                         Dense{.units = 3}},
                              Shape{3, 2, 3}, Rng{4}});
  program.add("side_by_side", Model{Sequential{Concat{Dense{.units = 3}, Identity{}, Dropout{}}}, Shape{4}, Rng{4}});
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const auto [network, sample] = random_network(Rng{100 + seed});
    program.add("random_" + std::to_string(seed), Model{network, sample, Rng{seed}});
  }
  program.write();
  const auto found = compilers();
  if (found.empty()) return;
  const std::string folder = scratch.path.string();
  for (const std::string& compiler : found)
    for (const char* standard : {"c++11", "c++17", "c++20"})
      CHECK(run(compiler + " -std=" + standard + strict + " -fsyntax-only '" + folder + "/main.cpp'"));
  REQUIRE(run(found[0] + " -std=c++14 -O1" + strict + "'" + folder + "/main.cpp' -o '" + folder + "/main'"));
  REQUIRE(run("'" + folder + "/main' > '" + folder + "/out'"));
  std::ifstream out(scratch.path / "out");
  std::size_t i = 0;
  double worst = 0;
  for (double number; out >> number; ++i) {
    REQUIRE(i < program.expected.size());
    const double error = std::abs(number - program.expected[i]);
    worst = std::max(worst, error / program.tolerance[i] * 1e-6);
    CHECK(error <= program.tolerance[i]);
  }
  CHECK(i == program.expected.size());
  std::cout << "largest difference, relative to a network's largest output or 1: " << worst << std::endl;
}

TEST_CASE("exported C++ calls nothing but functions of <cmath>") {
  const Scratch scratch("export-cpp-symbols");
  export_cpp(Model{every_layer, Shape{11, 13, 2}, Rng{1}}, scratch.path / "net.hpp");
  std::ofstream(scratch.path / "part.cpp") << "#include \"net.hpp\"\nint ask(const float* x, net::Memory& memory) { "
                                              "float y[net::outputs]; net::predict(x, y, memory); "
                                              "return net::best(y); }\n";
  const auto found = compilers();
  if (found.empty() || !run("command -v nm > /dev/null")) return;
  const std::string folder = scratch.path.string();
  REQUIRE(run(found[0] + " -std=c++17 -Os -c" + strict + "'" + folder + "/part.cpp' -o '" + folder + "/part.o'"));
  REQUIRE(run("nm -u '" + folder + "/part.o' > '" + folder + "/symbols'"));
  std::ifstream symbols(scratch.path / "symbols");
  std::vector<std::string> called;
  for (std::string word; symbols >> word;)
    if (word != "U" && word != "w") called.push_back(word);
  std::sort(called.begin(), called.end());
  const std::vector<std::string> allowed{
      "_GLOBAL_OFFSET_TABLE_", "__stack_chk_fail", "expf", "memcpy", "memset", "tanhf"};
  CHECK(std::includes(allowed.begin(), allowed.end(), called.begin(), called.end()));
  CHECK(std::binary_search(called.begin(), called.end(), "expf"));
}

TEST_CASE("exported C++ normalises as the data set does, and knows the classes' names") {
  const Scratch scratch("export-cpp-card");
  const Metadata metadata{{{0.5, 0.25}, {2, 3}}, {"a\"?\?/b\\", "z\n1"}, {}};
  const Model model{Sequential{Flatten{}, Dense{.units = 2}}, Shape{2, 2, 2}, Rng{1}};
  export_cpp(model, scratch.path / "net.hpp", metadata);
  std::ofstream(scratch.path / "main.cpp") << R"(#include "net.hpp"
#include <stdio.h>
int main() {
  const unsigned char bytes[] = {0, 255, 128, 7, 1, 2, 3, 4};
  const float values[] = {0, 1, 0.5f, 7, -1, 2, 3, 4};
  float x[net::inputs];
  net::normalise(bytes, x);
  for (float number : x) printf("%.17g\n", static_cast<double>(number));
  net::normalise(values, x);
  for (float number : x) printf("%.17g\n", static_cast<double>(number));
  puts(net::class_names[0]);
  puts(net::class_names[1]);
}
)";
  const auto found = compilers();
  if (found.empty()) return;
  const std::string folder = scratch.path.string();
  REQUIRE(run(found[0] + " -std=c++14" + strict + "'" + folder + "/main.cpp' -o '" + folder + "/main'"));
  REQUIRE(run("'" + folder + "/main' > '" + folder + "/out'"));
  std::ifstream out(scratch.path / "out");
  const Dataset<3> bytes{std::vector<std::uint8_t>{0, 255, 128, 7, 1, 2, 3, 4}, Shape{2, 2, 2},
                         std::vector<std::int32_t>{0}};
  const Dataset<3> floats{std::vector<float>{0, 1, 0.5F, 7, -1, 2, 3, 4}, Shape{2, 2, 2}, std::vector<std::int32_t>{0}};
  for (Dataset<3> data : {bytes, floats}) {
    data.normalise(metadata.normalisation);
    float x[8];
    data.read(0, x);
    for (const float expected : x) {
      double number = 0;
      REQUIRE(out >> number);
      CHECK(std::abs(number - double(expected)) <= 1e-6);
    }
  }
  std::string rest((std::istreambuf_iterator<char>(out)), {});
  CHECK(rest == "\na\"?\?/b\\\nz\n1\n");
}

TEST_CASE("an exported number is the same to the bit, whatever it is") {
  Rng rng{1};
  for (int i = 0; i < 10'000; ++i) {
    const float number = std::bit_cast<float>(static_cast<std::uint32_t>(rng()));
    if (!std::isfinite(number)) continue;
    const std::string text = detail::cpp_number(number);
    CHECK(text.back() == 'f');
    CHECK(text.find_first_of(".e") != std::string::npos);
    CHECK(std::bit_cast<std::uint32_t>(std::strtof(text.c_str(), nullptr)) == std::bit_cast<std::uint32_t>(number));
  }
  CHECK(detail::cpp_number(1.0) == "1.0");
  CHECK(detail::cpp_number(-0.0F) == "-0.0f");
}

TEST_CASE("what cannot be plain C++ is refused by name, and no file is written") {
  const Scratch scratch("export-cpp-refused");
  const auto refused = [&](const auto& model) {
    const std::string text = refusal<DataError>([&] { export_cpp(model, scratch.path / "net.hpp"); });
    CHECK(std::filesystem::is_empty(scratch.path));
    return text.substr(0, text.find(": ")) == (scratch.path / "net.hpp").string() ? text.substr(text.find(": ") + 2)
                                                                                  : text;
  };
  CHECK(refused(Model{Sequential{Dense{.units = 3}, Scale{}}, Shape{4}, Rng{1}}) ==
        "layer 1: Scale: cannot be written as plain C++, as it is not one of the library's layers");
  Model infinite{Sequential{ReLU{}, Dense{.units = 3}}, Shape{4}, Rng{1}};
  infinite.parameters().tensor<1>("1.bias")(1) = std::numeric_limits<float>::infinity();
  CHECK(refused(infinite) == "layer 1: bias: holds inf, for which C++ has no constant");
  const Model good{Dense{.units = 1}, Shape{4}, Rng{1}};
  CHECK(refusal<OptionError>([&] { export_cpp(good, scratch.path / "a.hpp", {.class_names = {"a", "b", "c"}}); }) ==
        "metadata: expects 1 class names, one for each output, but got 3");
  CHECK(std::filesystem::is_empty(scratch.path));
}

TEST_CASE("a layer of the library is exported whatever draws its first weights") {
  struct Halves {
    double operator()(Rng&, detail::Fans) const { return 0.5; }
  };
  const Model model{Sequential{BasicConv<Halves>{.filters = 2, .stride = 2, .padding = {0, 1}}, Flatten{},
                               BasicDense<Zeros, Halves>{.units = 3}},
                    Shape{5, 4, 2}, Rng{1}};
  Model usual{Sequential{Conv{.filters = 2, .stride = 2, .padding = {0, 1}}, Flatten{}, Dense{.units = 3}},
              Shape{5, 4, 2}, Rng{1}};
  load_bytes(usual, save_bytes(model));
  CHECK(cpp_source(model, "net") == cpp_source(usual, "net"));
}

TEST_CASE("a name that cannot be a namespace of C++ is refused before a file is written") {
  const Scratch scratch("export-cpp-names");
  const Model model{Dense{.units = 1}, Shape{4}, Rng{1}};
  const auto refused = [&](const std::string& name) {
    return refusal<OptionError>([&] { export_cpp(model, scratch.path / (name + ".hpp")); });
  };
  CHECK(refused("double") ==
        "export_cpp: expects a name that can be a namespace of C++ but got \"double\", which means something in C++; "
        "name the file otherwise");
  for (const char* name :
       {"alignas",   "and",     "asm",  "bool",         "char8_t", "co_yield", "compl",    "concept",
        "consteval", "default", "main", "new",          "not_eq",  "or",       "requires", "static_cast",
        "std",       "switch",  "this", "thread_local", "wchar_t", "while",    "xor",      "xor_eq"})
    CHECK(refused(name).find("which means something in C++") != std::string::npos);
  for (const char* name : {"2digits", "my-net", "my net", "d\xC3\xA9j\xC3\xA0", "", "_Net", "_net", "my__net", "net__"})
    CHECK(refused(name).find("; name the file with letters, digits and single underscores, a letter first") !=
          std::string::npos);
  CHECK(std::filesystem::is_empty(scratch.path));
  for (const char* name : {"Double", "doubles", "final", "net_", "my_net_2", "stdx", "WHILE"})
    CHECK(refused(name) == "nothing was refused");
}
