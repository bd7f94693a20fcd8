#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../core/files.hpp"
#include "saved_model.hpp"

namespace LAMINA_NAMESPACE {

// Keras's layouts, in safetensors files, as Keras's own are archives of HDF5: a convolution's kernel is (height, width, in,
// out), a dense layer's (in, out), images are (N, H, W, C) as here, so that what follows a Flatten needs no other order.
// The n-th layer that has weights has "n.kernel" and "n.bias": layers without are not counted, as an activation is often a
// part of another layer in Keras. README.md has Keras's side.

/// The bytes of a file with a model's parameters in Keras's layouts, and its card. Throws as save_bytes does.
template <typename T>
std::vector<std::byte> keras_bytes(const BasicModel<T>& model, const ModelCard& card = {}) {
  std::map<std::string, std::string> metadata;
  detail::check_own_card(card, model);
  detail::write_card(card, metadata);
  metadata["lamina.outputs"] = detail::meaning_text(model.meaning());
  Places<T> places;
  model.parameters().find(places);
  return detail::tensors_bytes(detail::stored_tensors(model, {.convention = Convention::keras}), places, std::move(metadata));
}

/// Gives a model the parameters in the bytes of such a file. As load_bytes.
template <typename T>
LoadResult load_keras_bytes(BasicModel<T>& model, std::span<const std::byte> bytes, const LoadOptions& options = {}) {
  return detail::load_named(model, bytes, options, {.convention = Convention::keras});
}

/// Writes a model's parameters in Keras's layouts. The file is there wholly or not at all; throws as `save` does.
///
///   export_keras(model, "for-keras.safetensors");
template <typename T>
void export_keras(const BasicModel<T>& model, const std::filesystem::path& path, const ModelCard& card = {}) {
  write_file(path, detail::for_file(path, [&] { return keras_bytes(model, card); }));
}

/// Gives a model the parameters in such a file. As `load`: strict unless told otherwise, and with an error nothing changes.
///
///   import_keras(model, "from-keras.safetensors");
template <typename T>
LoadResult import_keras(BasicModel<T>& model, const std::filesystem::path& path, const LoadOptions& options = {}) {
  const std::vector<std::byte> bytes = read_file(path);
  return detail::for_file(path, [&] { return load_keras_bytes(model, bytes, options); });
}

}  // namespace lamina
