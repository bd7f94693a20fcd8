#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/files.hpp"
#include "../core/write_file.hpp"
#include "../models/model.hpp"
#include "architecture_text.hpp"
#include "match_tensors.hpp"
#include "metadata.hpp"
#include "self_test.hpp"

namespace LAMINA_NAMESPACE {

/// The metadata of a loaded file, and what was not loaded: names without a counterpart, if not strict, and tensors of other
/// shapes, if they are skipped.
struct LoadResult : Metadata {
  std::vector<std::string> missing{};       // in the model, not in the file
  std::vector<std::string> unexpected{};    // in the file, not in the model
  std::vector<std::string> other_shapes{};  // "7.weight expects F32 (5, 84) but got F32 (10, 84)": the model's, the file's
};

namespace detail {

inline constexpr std::string_view load_remedy =
    "build the model with the layers and the sample shape that it was saved with; load_pytorch reads state dicts of PyTorch";
inline constexpr std::string_view loose_load_remedy =
    "to leave tensors of other shapes as they are, say {.strict = false, .skip_other_shapes = true}";

/// Throws DataError if a file's metadata does not fit its model.
template <typename T>
void check_read_card(const Metadata& metadata, const BasicModel<T>& model) {
  try {
    check_metadata(metadata, model);
  } catch (const OptionError& error) {
    throw DataError(str_cat("its metadata is not of this model: ", error.what()));
  }
}

/// Loads a model's parameters from a file. Throws DataError, and then nothing has changed.
template <typename T>
LoadResult load_named(BasicModel<T>& model, std::span<const std::byte> bytes, const LoadOptions& options,
                      const Naming& naming);

/// Runs an action for a file; its DataErrors get the file's name.
template <typename Action>
decltype(auto) for_file(const std::filesystem::path& path, Action&& action) {
  try {
    return action();
  } catch (const DataError& error) {
    throw DataError(str_cat(printable(path.string()), ": ", error.what()));
  }
}

}  // namespace detail

/// Returns the bytes of a safetensors file with a model's parameters, in PyTorch's names and layouts (io/layouts.hpp). It
/// also holds its layers (io/architecture.hpp), its output for one test input (io/self_test.hpp) and its metadata. Throws
/// DataError if two tensors of a layer have one name or a name is not UTF-8, and OptionError if the metadata does not fit the model.
template <typename T>
std::vector<std::byte> save_bytes(const BasicModel<T>& model, const Metadata& metadata = {});

/// Loads a model's parameters from the bytes of a safetensors file. Names and shapes must be exactly the model's own,
/// unless LoadOptions allow differences. Numbers are F32, F64, F16 or BF16 and are converted to the model's type, rounded
/// if that is smaller. Numbers that are not finite are accepted, as the format allows. Returns the file's metadata, an empty
/// one if it has none. Throws DataError, and then nothing has changed.
template <typename T>
LoadResult load_bytes(BasicModel<T>& model, std::span<const std::byte> bytes, const LoadOptions& options = {}) {
  return detail::load_named(model, bytes, options, {});
}

/// Writes the parameters of a model to a safetensors file, in PyTorch's names and layouts. PyTorch and later versions of
/// lamina can read it, and load_model can rebuild the network from it alone. The file is written completely or not at
/// all. Throws DataError, which gives the reason, and then the old file is untouched.
///
///   save(model, "lenet.safetensors");
///   save(model, "lenet.safetensors", metadata_of(train));   // with the normalisation and the names of the classes
template <typename T>
[[gnu::cold]] void save(const BasicModel<T>& model, const std::filesystem::path& path, const Metadata& metadata = {}) {
  std::vector<std::byte> bytes;
  detail::for_file(path, [&] { bytes = save_bytes(model, metadata); });
  write_file(path, bytes);
}

/// Loads the parameters of a file, by lamina or another program, into a model of the same layers. Names and shapes must
/// match, see load_bytes. Throws DataError, which names the file, and then nothing has changed.
///
///   Model model{lenet, Shape{28, 28, 1}, Rng{}};
///   const Metadata metadata = load(model, "lenet.safetensors");
///
///   Model finer{lenet_of_five_classes, Shape{28, 28, 1}, Rng{}};
///   const LoadResult found = load(finer, "lenet.safetensors", {.skip_other_shapes = true});   // found.other_shapes
template <typename T>
LoadResult load(BasicModel<T>& model, const std::filesystem::path& path, const LoadOptions& options = {}) {
  const std::vector<std::byte> bytes = detail::read_file(path);
  LoadResult result;
  detail::for_file(path, [&] { result = load_bytes(model, bytes, options); });
  return result;
}

/// Reads the metadata of a saved model before there is a model, for example for the number and the names of its classes.
/// Throws DataError, which names the file.
Metadata read_metadata(const std::filesystem::path& path);

[[deprecated("read_model_card is called read_metadata now")]] inline Metadata read_model_card(const std::filesystem::path& path) {
  return read_metadata(path);
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/saved_model.ipp"
#endif
