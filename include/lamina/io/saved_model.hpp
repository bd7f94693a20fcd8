#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../core/files.hpp"
#include "../core/version.hpp"
#include "../models/model.hpp"
#include "format_safetensors.hpp"
#include "model_card.hpp"
#include "stored_tensors.hpp"

namespace lamina {

namespace detail {

/// At most ten names, and how many more there are.
inline std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 10; ++i)
    text += (i > 0 ? ", " : "") + JsonReader::printable(names[i]);
  return names.size() > 10 ? message(text, " and ", names.size() - 10, " more") : text;
}

/// Throws unless the file has these tensors, each of this shape and of a type that fits, and no others.
inline void check_tensors(const SafeTensors& file, const std::vector<StoredTensor>& stored) {
  const auto described = [](const SafeTensors::Entry& entry) {
    return entry.dtype + " " + SafeTensors::shape_text(entry.shape);
  };
  std::vector<std::string> wanted, missing, unexpected, wrong;
  for (const auto& [entry, layout] : stored) {
    wanted.push_back(entry.name);
    const auto* found = file.find(entry.name);
    if (!found)
      missing.push_back(entry.name);
    else if (found->shape != entry.shape || (found->dtype != entry.dtype && found->dtype != "F32"))
      wrong.push_back(entry.name + " expects " + described(entry) + " but got " + described(*found));
  }
  std::sort(wanted.begin(), wanted.end());
  for (const auto& entry : file.entries)
    if (!std::binary_search(wanted.begin(), wanted.end(), entry.name)) unexpected.push_back(entry.name);
  if (missing.empty() && unexpected.empty() && wrong.empty()) return;
  std::string text = "is not a file of this model";
  if (!missing.empty()) text.append("; missing: ").append(listed(missing));
  if (!unexpected.empty()) text.append("; unexpected: ").append(listed(unexpected));
  if (!wrong.empty()) text.append("; ").append(listed(wrong));
  throw DataError(text + "; build the model with the layers and the sample shape that it was saved with");
}

/// The first bytes of a file of these tensors, with room for their numbers behind.
inline std::vector<std::byte> start_file(const std::vector<StoredTensor>& stored, const ModelCard& card) {
  SafeTensors file{.metadata = {{"format", "pt"}, {"lamina", std::string(library_version)}}};
  write_card(card, file.metadata);
  for (const auto& tensor : stored) file.entries.push_back(tensor.entry);
  const std::string header = format_safetensors_header(file);
  std::vector<std::byte> bytes(header.size() + (stored.empty() ? 0 : stored.back().entry.end));
  std::memcpy(bytes.data(), header.data(), header.size());
  return bytes;
}

/// Does something with a file; what it throws says which.
template <typename Action>
void for_file(const std::filesystem::path& path, Action&& action) {
  try {
    action();
  } catch (const DataError& error) {
    throw DataError(message(path.string(), ": ", error.what()));
  }
}

}  // namespace detail

/// The bytes of a safetensors file with the parameters of a model, in PyTorch's names and layouts (io/layouts.hpp), and
/// its card. Throws DataError where two tensors of a layer have one name, or a name is not UTF-8, and OptionError when the
/// card's normalisation cannot be.
template <typename L, AnyTensor X>
std::vector<std::byte> save_bytes(const Model<L, X>& model, const ModelCard& card = {}) {
  const auto stored = detail::stored_tensors(model);
  std::vector<std::byte> file = detail::start_file(stored, card);
  auto tensor = stored.begin();
  std::byte* place = file.data() + file.size() - (stored.empty() ? 0 : stored.back().entry.end);
  visit_parameters(
      [&](const auto& numbers) {
        detail::write_numbers(tensor->layout, numbers.data(), place + tensor->entry.begin);
        ++tensor;
      },
      model.parameters());
  return file;
}

/// Gives a model the parameters in these bytes of a safetensors file. Names and shapes must be the model's own, all of
/// them and no others; numbers are float (F32) or the model's own type, so that what was trained in float can be looked
/// at in double, and nothing is ever rounded. Numbers that are not finite are taken as they are, as the format allows.
/// Returns the file's card, an empty one when it has none. Throws DataError, and then nothing has changed.
template <typename L, AnyTensor X>
ModelCard load_bytes(Model<L, X>& model, std::span<const std::byte> bytes) {
  using T = scalar_t<X>;
  const SafeTensors file = parse_safetensors(bytes);
  const auto stored = detail::stored_tensors(model);
  detail::check_tensors(file, stored);
  ModelCard card = detail::read_card(file.metadata);
  auto p = model.parameters();  // of our own until all is done: memory may run out
  auto tensor = stored.begin();
  visit_parameters(
      [&](auto& numbers) {
        const auto& entry = *file.find(tensor->entry.name);
        const std::byte* place = bytes.data() + file.numbers + entry.begin;
        if (entry.dtype == "F32")
          detail::read_numbers<float>(tensor->layout, place, numbers.data());
        else
          detail::read_numbers<T>(tensor->layout, place, numbers.data());
        ++tensor;
      },
      p);
  model.parameters() = std::move(p);
  return card;
}

/// Writes the parameters of a model to a safetensors file, in PyTorch's names and layouts, so that it can be read by
/// PyTorch and by later versions of lamina. The file is there wholly or not at all: on DataError, which says why it
/// cannot be written, what was there before is untouched.
///
///   save(model, "lenet.safetensors");
///   save(model, "lenet.safetensors", card_of(train));   // with the normalisation and the names of the classes
template <typename L, AnyTensor X>
void save(const Model<L, X>& model, const std::filesystem::path& path, const ModelCard& card = {}) {
  std::vector<std::byte> bytes;
  detail::for_file(path, [&] { bytes = save_bytes(model, card); });
  write_file(path, bytes);
}

/// Gives a model of the same layers the parameters in a file: lamina's own, or another's of the same names and shapes.
/// Returns the file's card. As load_bytes; throws DataError, which names the file, and then nothing has changed.
///
///   Model model{lenet, Shape{28, 28, 1}, Rng{}};
///   const ModelCard card = load(model, "lenet.safetensors");
template <typename L, AnyTensor X>
ModelCard load(Model<L, X>& model, const std::filesystem::path& path) {
  const std::vector<std::byte> bytes = read_file(path);
  ModelCard card;
  detail::for_file(path, [&] { card = load_bytes(model, bytes); });
  return card;
}

/// The card of a saved model, read before there is a model: how many classes it has, and what they are called. Throws
/// DataError, which names the file.
inline ModelCard read_model_card(const std::filesystem::path& path) {
  const std::vector<std::byte> bytes = read_file(path);
  ModelCard card;
  detail::for_file(path, [&] { card = detail::read_card(parse_safetensors(bytes).metadata); });
  return card;
}

}  // namespace lamina
