#include <lamina/io/load_pytorch.hpp>

#include <lamina/models/network.hpp>
#include <lamina/models/sequential.hpp>

#include "../catch.hpp"
#include "../data/scratch.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

using Extents = std::vector<std::uint64_t>;
using Entry = detail::SafeTensors::Entry;

/// A file with these tensors, one after another. Tensor t has the numbers t, t + 1/1024, t + 2/1024, …, in its type.
std::vector<std::byte> file_of(std::vector<Entry> entries) {
  std::uint64_t end = 0;
  for (Entry& entry : entries) {
    entry.begin = end;
    entry.end = end += detail::SafeTensors::byte_count(entry);
  }
  const std::string header = detail::format_safetensors_header({.entries = entries});
  std::vector<std::byte> bytes(header.size() + end);
  std::memcpy(bytes.data(), header.data(), header.size());
  for (std::size_t t = 0; t < entries.size(); ++t) {
    std::byte* place = bytes.data() + header.size() + entries[t].begin;
    const std::uint64_t size = detail::SafeTensors::bits(entries[t].dtype) / 8;
    for (std::uint64_t i = 0; i < (entries[t].end - entries[t].begin) / size; ++i, place += size) {
      const float number = static_cast<float>(t) + static_cast<float>(i) / 1024;
      if (entries[t].dtype == "F32") detail::write_number(number, place);
      if (entries[t].dtype == "F64") detail::write_number(double{number}, place);
      if (entries[t].dtype == "BF16") detail::write_number(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(number) >> 16), place);
    }
  }
  return bytes;
}

Entry f32(const std::string& name, Extents shape) { return {.name = name, .dtype = "F32", .shape = std::move(shape)}; }

/// A convolution and a normalisation that follow each other, and a last layer behind a Flatten. Nothing of the paths is PyTorch's.
const Sequential net{ReLU{}, Conv{.filters = 2, .kernel = {3, 2}, .bias = false}, BatchNorm{}, ReLU{},
                     Conv{.filters = 4, .kernel = 2}, BatchNorm{}, Flatten{}, Dense{.units = 3}};
const Shape sample{5, 6, 2};

std::vector<Entry> norm(const std::string& module, std::uint64_t C) {
  return {f32(module + ".weight", {C}), f32(module + ".bias", {C}), f32(module + ".running_mean", {C}), f32(module + ".running_var", {C}),
          {.name = module + ".num_batches_tracked", .dtype = "I64"}};
}

/// The state dict of such a network, with these modules.
std::vector<Entry> state_dict(const std::string& conv1, const std::string& norm1, const std::string& conv2, const std::string& norm2, const std::string& dense) {
  std::vector<Entry> entries{f32(conv1 + ".weight", {2, 2, 3, 2})};
  std::ranges::copy(norm(norm1, 2), std::back_inserter(entries));
  std::ranges::copy(std::vector{f32(conv2 + ".weight", {4, 2, 2, 2}), f32(conv2 + ".bias", {4})}, std::back_inserter(entries));
  std::ranges::copy(norm(norm2, 4), std::back_inserter(entries));
  std::ranges::copy(std::vector{f32(dense + ".weight", {3, 4 * 2 * 4}), f32(dense + ".bias", {3})}, std::back_inserter(entries));
  return entries;
}

std::vector<Entry> sorted(std::vector<Entry> entries) {
  std::ranges::sort(entries, [](const Entry& a, const Entry& b) { return a.dtype != b.dtype ? a.dtype > b.dtype : a.name < b.name; });
  return entries;
}

const std::vector<Entry> usual = state_dict("conv1", "bn1", "conv2", "bn2", "fc");

/// The numbers of all of a model's tensors, also those that are not trained.
template <typename T>
std::vector<std::vector<T>> numbers_of(const BasicModel<T>& model) {
  std::vector<std::vector<T>> all;
  for (std::size_t i = 0; i < model.parameters().size(); ++i)
    model.parameters()[i].visit([&](const auto& tensor) { all.emplace_back(tensor.data(), tensor.data() + tensor.size()); });
  return all;
}

/// The first number of each of the model's tensors: the tensor's place in the file.
template <typename T>
std::vector<int> places_of(const BasicModel<T>& model) {
  std::vector<int> places;
  for (const auto& numbers : numbers_of(model)) places.push_back(static_cast<int>(std::floor(numbers[0])));
  return places;
}

const std::vector<int> in_order{0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 13, 14};

/// The text with which a file is refused; the model stays as it is.
template <typename E = DataError>
std::string refused(const std::vector<std::byte>& bytes, const PyTorchOptions& options = {}) {
  Model model{net, sample, Rng{1}};
  const auto before = numbers_of(model);
  const std::string text = refusal<E>([&] { load_pytorch_bytes(model, bytes, options); });
  CHECK(numbers_of(model) == before);
  CHECK(model.meaning() == OutputMeaning::softmax);
  return text;
}

}  // namespace

TEST_CASE("modules of a state dict belong to the layers of the same order that have such tensors") {
  for (const auto& entries : {usual, state_dict("0", "1", "3", "4", "7"), state_dict("stem.c", "norm", "body.1.c", "a.norm", "head")}) {
    Model model{net, sample, Rng{1}};
    const LoadResult result = load_pytorch_bytes(model, file_of(entries));
    CHECK(places_of(model) == in_order);
    CHECK((result.missing.empty() && result.unexpected.empty() && result.other_shapes.empty()));
  }
}

TEST_CASE("a name that the model has, too, is that of its layer, wherever it stands in the file") {
  Model model{net, sample, Rng{1}};
  auto entries = state_dict("1", "2", "4", "5", "7");
  std::ranges::reverse(entries);
  load_pytorch_bytes(model, file_of(entries));
  std::vector<int> places;
  for (const int place : in_order) places.push_back(14 - place);
  CHECK(places_of(model) == places);
}

TEST_CASE("weights are read in PyTorch's layouts: filters (K, C, R, S), and rows of images in the order C, H, W") {
  Model model{net, sample, Rng{1}};
  load_pytorch_bytes(model, file_of(usual));
  const auto& conv = model.parameters().tensor<4>("1.weight");   // (R, S, C, K) = (3, 2, 2, 2)
  const auto& dense = model.parameters().tensor<2>("7.weight");  // (U, H·W·C) of images (2, 4, 4)
  const auto number = [](float t, Index i) { return t + static_cast<float>(i) / 1024; };
  for (Index k = 0; k < 2; ++k)
    for (Index c = 0; c < 2; ++c)
      for (Index r = 0; r < 3; ++r)
        for (Index s = 0; s < 2; ++s) CHECK(conv(r, s, c, k) == number(0, ((k * 2 + c) * 3 + r) * 2 + s));
  for (Index u = 0; u < 3; ++u)
    for (Index c = 0; c < 4; ++c)
      for (Index h = 0; h < 2; ++h)
        for (Index w = 0; w < 4; ++w) CHECK(dense(u, (h * 4 + w) * 4 + c) == number(13, u * 32 + (c * 2 + h) * 4 + w));
}

TEST_CASE("a file that is sorted by name is read in the order of the numbers in the names") {
  const Network deep = [] {
    Network layers;
    for (int i = 0; i < 12; ++i) layers.push_back(Dense{.units = 2});
    return layers;
  }();
  std::vector<Entry> entries;
  for (int i = 0; i < 12; ++i) {
    entries.push_back(f32(str_cat("layers.", 9 + 2 * i, ".fc.bias"), {2}));
    entries.push_back(f32(str_cat("layers.", 9 + 2 * i, ".fc.weight"), {2, 2}));
  }
  entries = sorted(entries);  // 11, 13, … 31, 9
  CHECK(entries[0].name == "layers.11.fc.bias");
  Model model{deep, Shape{2}, Rng{1}};
  load_pytorch_bytes(model, file_of(entries));
  std::vector<int> places{23, 22};
  for (int i = 0; i < 11; ++i) places.insert(places.end(), {2 * i + 1, 2 * i});
  CHECK(places_of(model) == places);

  Model model_of_net{net, sample, Rng{1}};  // every tensor has its own shape, so that any name will do
  load_pytorch_bytes(model_of_net, file_of(sorted(state_dict("z", "norm.first", "a", "b", "fc"))));
  CHECK(model_of_net.parameters().tensor<1>("7.bias")(0) == 8);
}

TEST_CASE("where a sorted file does not tell the order, names must be given") {
  const Sequential twins{Dense{.units = 2}, ReLU{}, Dense{.units = 2}};
  const auto file = file_of({f32("body.bias", {2}), f32("body.weight", {2, 2}), f32("stem.bias", {2}), f32("stem.weight", {2, 2})});
  Model model{twins, Shape{2}, Rng{1}};
  CHECK(refusal<DataError>([&] { load_pytorch_bytes(model, file); }) ==
        "is sorted by name and does not tell the order of the modules body, stem, whose tensors have the same shapes; they are for the "
        "layers 0, 2; say {.names = {…}}, with the module of each layer that has parameters, in the order of the layers");
  load_pytorch_bytes(model, file, {.names = {"stem", "body"}});
  CHECK(places_of(model) == std::vector<int>{3, 2, 1, 0});
  CHECK(refusal<OptionError>([&] { load_pytorch_bytes(model, file, {.names = {"stem"}}); }) ==
        "load_pytorch: .names expects a module for each of the 2 layers that have parameters but got 1; the layers are 0, 2");
  CHECK(has(refusal<DataError>([&] { load_pytorch_bytes(model, file, {.names = {"stem", "tail"}}); }),
            "missing: tail.weight, tail.bias; unexpected: body.bias, body.weight"));
}

TEST_CASE("a network with names is read by them, in any order") {
  Network network;
  network.push_back(Dense{.units = 2}, "stem");
  network.push_back(Dense{.units = 2}, "body");
  Model model{network, Shape{2}, Rng{1}};
  load_pytorch_bytes(model, file_of({f32("body.bias", {2}), f32("body.weight", {2, 2}), f32("stem.bias", {2}), f32("stem.weight", {2, 2})}));
  CHECK(places_of(model) == std::vector<int>{3, 2, 1, 0});
  CHECK(has(refusal<DataError>([&] { load_pytorch_bytes(model, file_of({f32("0.weight", {2, 2}), f32("0.bias", {2})})); }),
            "is not a file of this model; missing: stem.weight, stem.bias, body.weight, body.bias; unexpected: 0.weight, 0.bias; "));
}

TEST_CASE("what PyTorch's wrappers put before every name is no part of it") {
  Network network;
  network.push_back(Dense{.units = 2}, "stem");
  network.push_back(Dense{.units = 2}, "body");
  for (const std::string wrapper : {"module.", "_orig_mod.", "module._orig_mod."}) {
    const auto file = [&](const std::string& last) {
      return file_of({f32(wrapper + "body.bias", {2}), f32(wrapper + "body.weight", {2, 2}), f32(wrapper + "stem.bias", {2}),
                      f32(last + "stem.weight", {2, 2})});
    };
    Model model{network, Shape{2}, Rng{1}};
    load_pytorch_bytes(model, file(wrapper));
    CHECK(places_of(model) == std::vector<int>{3, 2, 1, 0});
    CHECK(has(refusal<DataError>([&] { load_pytorch_bytes(model, file("")); }), "unexpected: "));  // not before every name
  }
  Network own;  // it has such a name itself
  own.push_back(Dense{.units = 2}, "module");
  Model plain{own, Shape{2}, Rng{1}};
  load_pytorch_bytes(plain, file_of({f32("module.bias", {2}), f32("module.weight", {2, 2})}));
  CHECK(places_of(plain) == std::vector<int>{1, 0});
  auto wrapped = state_dict("1", "2", "4", "5", "7");
  for (Entry& entry : wrapped) entry.name.insert(0, "module.");
  std::ranges::reverse(wrapped);  // by name, not by order
  Model model{net, sample, Rng{1}};
  load_pytorch_bytes(model, file_of(wrapped));
  std::vector<int> places;
  for (const int place : in_order) places.push_back(14 - place);
  CHECK(places_of(model) == places);
}

TEST_CASE("numbers of other types are converted") {
  for (const char* type : {"F64", "BF16"}) {
    auto entries = usual;
    for (Entry& entry : entries)
      if (entry.dtype == "F32") entry.dtype = type;
    Model model{net, sample, Rng{1}};
    load_pytorch_bytes(model, file_of(entries));
    CHECK(places_of(model) == in_order);
    BasicModel<double> exact{net, sample, Rng{1}};
    load_pytorch_bytes(exact, file_of(entries));
    CHECK(places_of(exact) == in_order);
  }
}

TEST_CASE("a single layer is read from a state dict without modules") {
  Model model{Dense{.units = 3}, Shape{2}, Rng{1}};
  load_pytorch_bytes(model, file_of({f32("weight", {3, 2}), f32("bias", {3})}));
  CHECK(places_of(model) == std::vector<int>{0, 1});
}

TEST_CASE("tensors that are missing, left over, of another shape or type are errors, and the model stays as it is") {
  auto entries = usual;
  std::erase_if(entries, [](const Entry& entry) { return entry.name == "bn2.running_var"; });
  CHECK(has(refused(file_of(entries)), "missing: 5.weight, 5.bias, 5.running_mean, 5.running_var; unexpected: bn2.weight, bn2.bias, bn2.running_mean"));

  entries = usual;
  entries.push_back(f32("aux.weight", {10, 3}));
  CHECK(has(refused(file_of(entries)), "is not a file of this model; unexpected: aux.weight; "));
  Model loose{net, sample, Rng{1}};
  CHECK(load_pytorch_bytes(loose, file_of(entries), {.strict = false}).unexpected == std::vector<std::string>{"aux.weight"});
  CHECK(places_of(loose) == in_order);

  entries = usual;
  entries[13].shape = {5, 32}, entries[14].shape = {5};
  CHECK(has(refused(file_of(entries)), "fc.weight expects F32 (3, 32) but got F32 (5, 32), fc.bias expects F32 (3) but got F32 (5); "));
  Model finer{net, sample, Rng{1}};
  const auto drawn = places_of(finer).back();
  CHECK(load_pytorch_bytes(finer, file_of(entries), {.skip_other_shapes = true}).other_shapes.size() == 2);
  CHECK(places_of(finer)[10] == 11);
  CHECK(places_of(finer).back() == drawn);

  entries = usual;
  entries[0].dtype = "I32";
  CHECK(has(refused(file_of(entries)), "conv1.weight expects F32 (2, 2, 3, 2) but got I32 (2, 2, 3, 2); "));
}

TEST_CASE("a file that is cut short, and one of torch.save, are refused with the file's name") {
  auto bytes = file_of(usual);
  bytes.resize(bytes.size() - 3);
  CHECK(has(refused(bytes), "is it cut short?"));
  bytes.resize(20);
  CHECK(has(refused(bytes), "is it cut short?"));
  CHECK(has(refused({}), "expects a header but has only 0 bytes"));

  const Scratch scratch("load-pytorch");
  const auto path = scratch.path / "net.pt";
  write_file(path, std::vector<std::byte>{std::byte{'P'}, std::byte{'K'}, std::byte{3}, std::byte{4}, std::byte{0}});
  Model model{net, sample, Rng{1}};
  CHECK(refusal<DataError>([&] { load_pytorch(model, path); }) ==
        path.string() + ": expects a safetensors file but got one of torch.save; in Python, write "
                        "safetensors.torch.save_file(net.state_dict(), \"net.safetensors\")");
  CHECK(has(refusal<DataError>([&] { load_pytorch(model, scratch.path / "none"); }), "none: there is no such file"));
}

TEST_CASE("what lamina saved is read, too") {
  const Model model{net, sample, Rng{1}};
  Model other{net, sample, Rng{2}};
  load_pytorch_bytes(other, save_bytes(model));
  CHECK(numbers_of(other) == numbers_of(model));
}
