#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/files.hpp"
#include "../models/model.hpp"
#include "architecture.hpp"
#include "match_tensors.hpp"
#include "model_card.hpp"
#include "self_test.hpp"

namespace lamina {

/// How a file is loaded into a model.
struct LoadOptions {
  /// Whether the file must have all of the model's tensors and no others. If not, those are loaded that both have, as for
  /// fine-tuning: layers whose names the file does not have stay as they are.
  bool strict = true;
};

/// What a file said of its model, and, of one that was not loaded strictly, the names without a counterpart.
struct LoadResult : ModelCard {
  std::vector<std::string> missing{};     // the model's, not in the file
  std::vector<std::string> unexpected{};  // the file's, not in the model
};

namespace detail {

inline constexpr std::string_view load_remedy =
    "build the model with the layers and the sample shape that it was saved with";

/// Throws DataError where a file's card cannot be that of its model.
template <typename L, AnyTensor X>
void check_read_card(const ModelCard& card, const Model<L, X>& model) {
  try {
    check_card(card, model);
  } catch (const OptionError& error) {
    throw DataError(message("its model card is not of this model: ", error.what()));
  }
}

/// Gives a model a file's parameters. Throws DataError, and then nothing has changed.
template <typename L, AnyTensor X>
LoadResult load_named(Model<L, X>& model, std::span<const std::byte> bytes, const LoadOptions& options,
                      const Naming& naming) {
  const SafeTensors file = parse_safetensors(bytes);
  const auto stored = stored_tensors(std::as_const(model), naming);
  auto unmatched = match_tensors(file, stored, options.strict, load_remedy);
  LoadResult result{read_card(file.metadata), std::move(unmatched.missing), std::move(unmatched.unexpected)};
  if (options.strict) check_read_card(result, model);
  auto p = std::as_const(model).parameters();  // of our own until all is done: memory may run out
  read_tensors(file, bytes, stored, p);
  model.parameters() = std::move(p);
  return result;
}

/// Does something with a file; what it throws says which.
template <typename Action>
decltype(auto) for_file(const std::filesystem::path& path, Action&& action) {
  try {
    return action();
  } catch (const DataError& error) {
    throw DataError(message(path.string(), ": ", error.what()));
  }
}

}  // namespace detail

/// The bytes of a safetensors file with the parameters of a model, in PyTorch's names and layouts (io/layouts.hpp), its
/// layers (io/architecture.hpp), what it makes of one input (io/self_test.hpp) and its card. Throws DataError where two
/// tensors of a layer have one name, or a name is not UTF-8, and OptionError when the card cannot be this model's.
template <typename L, AnyTensor X>
std::vector<std::byte> save_bytes(const Model<L, X>& model, const ModelCard& card = {}) {
  std::map<std::string, std::string> metadata{{"format", "pt"}};
  detail::check_card(card, model);
  detail::write_card(card, metadata);
  metadata["lamina.architecture"] = detail::architecture_text(describe(model));
  metadata["lamina.self_test"] = detail::self_test_text(model);
  return detail::tensors_bytes(detail::stored_tensors(model), model.parameters(), std::move(metadata));
}

/// Gives a model the parameters in these bytes of a safetensors file. Names and shapes must be the model's own, all of
/// them and no others unless {.strict = false}; numbers are F32, F64, F16 or BF16 and become the model's own type, rounded
/// where it is the smaller one. Numbers that are not finite are taken as they are, as the format allows. Returns the
/// file's card, an empty one when it has none. Throws DataError, and then nothing has changed.
template <typename L, AnyTensor X>
LoadResult load_bytes(Model<L, X>& model, std::span<const std::byte> bytes, const LoadOptions& options = {}) {
  return detail::load_named(model, bytes, options, {});
}

/// Writes the parameters of a model to a safetensors file, in PyTorch's names and layouts, so that it can be read by
/// PyTorch and by later versions of lamina, and load_model can rebuild the network from it alone. The file is there wholly or not at all: on DataError, which says why it
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
/// As load_bytes; throws DataError, which names the file, and then nothing has changed.
///
///   Model model{lenet, Shape{28, 28, 1}, Rng{}};
///   const ModelCard card = load(model, "lenet.safetensors");
///
///   Model finer{lenet_with_another_end, Shape{28, 28, 1}, Rng{}};
///   const LoadResult found = load(finer, "lenet.safetensors", {.strict = false});   // found.missing, found.unexpected
template <typename L, AnyTensor X>
LoadResult load(Model<L, X>& model, const std::filesystem::path& path, const LoadOptions& options = {}) {
  const std::vector<std::byte> bytes = read_file(path);
  LoadResult result;
  detail::for_file(path, [&] { result = load_bytes(model, bytes, options); });
  return result;
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
