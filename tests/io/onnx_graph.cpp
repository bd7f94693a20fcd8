#include <lamina/io/onnx_graph.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "onnx_file.hpp"

using namespace lamina;
using Proto = detail::ProtobufWriter;

namespace {

std::string why(const std::vector<std::byte>& file) {
  return refusal<DataError>([&] { detail::read_onnx_model(file); });
}
std::string why(const Proto& message) {
  return why(std::vector<std::byte>(message.bytes().begin(), message.bytes().end()));
}
std::string why(const OnnxFile& file) { return why(file.bytes()); }

OnnxFile rows() { return {{0, 3}}; }

const std::string nothing = "nothing was refused";
const std::string damaged = "is cut short or damaged: field ";

}  // namespace

TEST_CASE("a graph is read as views of the file: nodes, initializers, input, output, metadata") {
  OnnxFile file{{7, 2, 4, 5}};
  file.floats("w", {2, 1}, {3, 4}).node(detail::OnnxNode{"Relu"}).node(detail::OnnxNode{"Tanh"});
  Proto model, entry;
  entry.text(1, "lamina.class_names");
  entry.text(2, "[]");
  model.message(14, entry);
  model.message(7, file.graph());
  for (const char* const domain : {"ai.onnx.ml", "ai.onnx", "com.example"}) {
    Proto import;
    import.text(1, domain);
    import.number(2, std::string_view(domain) == "ai.onnx" ? 13 : 3);
    model.message(8, import);
  }
  const auto graph = detail::read_onnx_model(model.bytes());
  CHECK(graph.opset == 13);
  CHECK(graph.nodes.size() == 2);
  CHECK(graph.input == "input");
  CHECK(graph.output == "output");
  CHECK(graph.batch == 7);
  CHECK(graph.sample == std::vector<Index>{4, 5, 2});
  CHECK(graph.metadata.at("lamina.class_names") == "[]");
  const auto& weight = graph.tensors.at("w");
  CHECK(weight.dims == std::vector<Index>{2, 1});
  CHECK(weight.bytes().size() == 8);
  CHECK(weight.message.data() > model.bytes().data());
  CHECK(weight.message.data() < model.bytes().data() + model.bytes().size());
  CHECK(detail::read_onnx_model(rows().bytes()).batch == 0);
}

TEST_CASE("a file without a graph, with two, or of other bytes is refused") {
  CHECK(why(std::vector<std::byte>{}) == "has 0 graphs; expects one; is it an ONNX file?");
  Proto twice;
  twice.message(7, rows().graph());
  twice.message(7, rows().graph());
  CHECK(why(twice) == "has 2 graphs; expects one; is it an ONNX file?");
  Proto text;
  text.number(7, 1);
  CHECK(why(text) == damaged + "7 has the wire type 0 but is a text or a message, of type 2; is it an ONNX file?");
  const auto of = [](std::string_view other) {
    const auto bytes = std::as_bytes(std::span(other));
    return why(std::vector<std::byte>(bytes.begin(), bytes.end()));
  };
  const std::string json = of("{\"weights\":[1,2,3]}"), zip = of("PK\x03\x04 weights");
  CHECK(json.starts_with(damaged));
  CHECK(json.ends_with("; is it an ONNX file?"));
  CHECK(zip.starts_with(damaged));
  CHECK(zip.ends_with("; it begins as a ZIP archive, such as torch.save writes: write it with torch.onnx.export"));
}

TEST_CASE("opsets from 7 to 21 are read, others are refused with those that are expected") {
  const auto of = [](Index opset) { return why(OnnxFile::of(rows().graph(), opset)); };
  CHECK(of(7) == nothing);
  CHECK(of(21) == nothing);
  CHECK(of(6) == "is of opset 6; expects one of 7 to 21; export it with opset 17, for example");
  CHECK(of(22).find("is of opset 22;") == 0);
  CHECK(of(-1).find("is of opset -1;") == 0);
  Proto without;
  without.message(7, rows().graph());
  CHECK(why(without).find("is of opset 0;") == 0);
}

TEST_CASE("inputs that are no images or rows of fixed extents are refused") {
  const auto of = [](std::vector<Index> extents) { return why(OnnxFile{std::move(extents)}); };
  CHECK(of({0, 3, 5, 5}) == nothing);
  CHECK(of({4, 3}) == nothing);
  CHECK(of({0, 3, 5}) == "its input \"input\" has 3 axes; expects images (N, C, H, W) or rows (N, F)");
  CHECK(of({}) == "its input \"input\" has 0 axes; expects images (N, C, H, W) or rows (N, F)");
  CHECK(of(std::vector<Index>(9, 1)) == "\"input\" has more than eight axes");
  CHECK(of({0, 3, 0, 5}) ==
        "its input \"input\" has no fixed extent along axis 2, \"free\"; export it with fixed extents, of "
        "which only the first may be free");
  CHECK(of({0, -3}).find("its input \"input\" has no fixed extent along axis 1, -3;") == 0);
  CHECK(of({-1, 3}).find("its input \"input\" has no fixed extent along axis 0, -1;") == 0);
  Proto type, tensor, value, graph;
  tensor.number(1, 8);
  type.message(1, tensor);
  value.text(1, "words");
  value.message(2, type);
  graph.message(11, value);
  CHECK(why(OnnxFile::of(graph)) ==
        "its input \"words\" is of the type 8 of ONNX; expects FLOAT, DOUBLE, FLOAT16 or BFLOAT16");
}

TEST_CASE("graphs of no input or output, or of more than one, are refused") {
  Proto graph = rows().graph();
  graph.message(11, OnnxFile::value("more", {0, 3}));
  CHECK(why(OnnxFile::of(graph)) == "has 2 inputs and 1 outputs; expects one of each");
  graph.message(12, OnnxFile::value("more", {}));
  CHECK(why(OnnxFile::of(graph)) == "has 2 inputs and 2 outputs; expects one of each");
  CHECK(why(OnnxFile::of(Proto{})) == "has 0 inputs and 0 outputs; expects one of each");
}

TEST_CASE("an initializer that stands twice is refused by its name") {
  CHECK(why(rows().floats("w", {1}, {1}).floats("w", {1}, {1})) == "has two initializers of the name \"w\"");
}

TEST_CASE("extents that are negative, too many, or whose product no number holds are refused") {
  const auto of = [](const std::vector<Index>& dims) { return why(rows().floats("w", dims, {})); };
  const Index huge = Index{1} << 62;
  CHECK(of({2, -3}) == "w: has the shape (2, -3), of a negative extent");
  CHECK(of({0, -3}) == "w: has the shape (0, -3), of a negative extent");
  CHECK(of({huge, 4}) == "w: has the shape (4611686018427387904, 4), which holds more than any file");
  CHECK(of({huge}) == "w: has the shape (4611686018427387904), which holds more than any file");
  CHECK(of({huge, huge, huge}).find("which holds more than any file") != std::string::npos);
  CHECK(of({huge, huge, 0}) == nothing);
  CHECK(of(std::vector<Index>(9, 1)) == "w: has more than eight axes");
  CHECK(of(std::vector<Index>(100'000, 1)) == "w: has more than eight axes");
}

TEST_CASE("extents without as many numbers are refused") {
  CHECK(why(rows().floats("w", {2, 3}, {1, 2, 3})) == "w: holds 12 bytes, but FLOAT (2, 3) takes 24");
  CHECK(why(rows().add(OnnxFile::tensor("w", {2, 3}))) == "w: holds 0 bytes, but FLOAT (2, 3) takes 24");
  CHECK(why(rows().add(OnnxFile::tensor("w", {1'000'000'000, 1'000'000}))) ==
        "w: holds 0 bytes, but FLOAT (1000000000, 1000000) takes 4000000000000000");
  Proto in_two_places = OnnxFile::tensor("w", {1});
  in_two_places.number(4, 1.0F);
  in_two_places.text(9, OnnxFile::raw(std::vector<float>{1}));
  CHECK(why(rows().add(in_two_places)) == "w: holds 8 bytes, but FLOAT (1) takes 4");
  Proto elsewhere = OnnxFile::tensor("w", {1}, 11);
  elsewhere.number(4, 1.0F);
  CHECK(why(rows().add(elsewhere)) == "w: holds 0 bytes, but DOUBLE (1) takes 8");
  CHECK(why(rows().add(OnnxFile::tensor("w", {1}, 8))) == nothing);  // texts, which nothing will read
}

TEST_CASE("numbers in another file are refused by that file's name") {
  Proto tensor = OnnxFile::tensor("w", {2}), location;
  location.text(1, "location");
  location.text(2, "../weights.bin");
  tensor.message(13, location);
  tensor.number(14, 1);
  CHECK(why(rows().add(tensor)) ==
        "w: has its numbers in another file, \"../weights.bin\"; save the model as one file "
        "(onnx.save, save_as_external_data=False)");
}

TEST_CASE("names of a megabyte are cut in errors, and names that are no UTF-8 are no harm") {
  const std::string name(1 << 20, 'x');
  const std::string text = why(rows().floats(name, {1}, {1}).floats(name, {1}, {1}));
  CHECK(text == "has two initializers of the name \"" + std::string(80, 'x') + "...\"");
  CHECK(why(rows().floats(name, {2}, {1})) == str_cat(std::string(80, 'x'), "...: holds 4 bytes, but FLOAT (2) takes 8"));
  CHECK(why(rows().floats("a\xFF\n", {2}, {1})) == "a...: holds 4 bytes, but FLOAT (2) takes 8");
}

TEST_CASE("a length beyond the file, a varint of eleven bytes and a cut at every place are refused") {
  OnnxFile file = rows();
  const auto whole = file.floats("w", {2}, {1, 2}).node(detail::OnnxNode{"Relu"}.ints("perm", {1, 2})).bytes();
  CHECK(why(whole) == nothing);
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK(why(std::vector<std::byte>(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))) != nothing);
  auto longer = whole;
  for (int i = 0; i < 10; ++i) longer.push_back(std::byte{0xFF});
  longer.push_back(std::byte{1});
  CHECK(why(longer) == damaged + "0 has a whole number of more than 64 bits");
  auto beyond = whole;
  beyond[1] = std::byte{0x7F};
  CHECK(why(beyond).find(damaged + "7 takes 127 bytes but there are only ") == 0);
}

TEST_CASE("graphs in attributes in graphs without an end are never entered") {
  std::string deep;
  for (int i = 0; i < 20'000; ++i) {
    Proto around;
    around.number(1, deep.size());
    const std::string_view length(reinterpret_cast<const char*>(around.bytes().data()) + 1, around.bytes().size() - 1);
    deep.insert(0, (i % 3 == 0 ? "\x0A" : i % 3 == 1 ? "\x32" : "\x2A") + std::string(length));  // node, g, attribute
  }
  Proto graph = rows().graph();
  graph.text(1, deep);
  CHECK(why(OnnxFile::of(graph)) == nothing);
  CHECK(detail::read_onnx_model(OnnxFile::of(graph)).nodes.size() == 1);
}
