#pragma once

#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "../core/class_names.hpp"
#include "../data/normalisation.hpp"
#include "../models/model.hpp"
#include "json_reader.hpp"

namespace LAMINA_NAMESPACE {

/// The information that one needs to use a network, besides its parameters: the normalisation of its inputs and, for
/// regression, of its targets, and the names of its classes. It is in the metadata of the file, where other programs can
/// read it:
///
///   "lamina.normalisation": {"mean":["0.1307"],"deviation":["0.3081"]}
///   "lamina.target_normalisation": {"mean":["21.5"],"deviation":["3.25"]}
///   "lamina.class_names": ["cat","dog"]
struct Metadata {
  Normalisation normalisation{};           // of the training set, see measure_normalisation
  std::vector<std::string> class_names{};  // in the order of the outputs; may be empty
  std::string version{};                   // of the lamina that wrote the file; `save` ignores it and writes its own
  Normalisation target_normalisation{};    // of the training set, see measure_target_normalisation, denormalise_targets
  std::vector<std::string> warnings{};     // doubts that arose when the metadata was read; not written
};

using ModelCard [[deprecated("ModelCard is called Metadata now")]] = Metadata;

/// Returns the metadata of a network that was trained on this set.
///
///   save(model, "digits.safetensors", metadata_of(train));
///   const Metadata metadata = load(model, "digits.safetensors");
///   test.normalise(metadata.normalisation);
template <typename Data>
Metadata metadata_of(const Data& train) {
  return {train.normalisation(), train.class_names(), {}, train.target_normalisation(), {}};
}

template <typename Data>
[[deprecated("card_of(set) is called metadata_of(set) now")]] Metadata card_of(const Data& train) {
  return metadata_of(train);
}

namespace detail {

std::string json_strings(const std::vector<std::string>& texts);

std::vector<std::string> number_texts(const std::vector<double>& numbers);

std::vector<double> read_numbers(JsonReader& json);

/// Returns a normalisation as JSON; read_normalisation reads one.
std::string json_normalisation(const Normalisation& normalisation);
Normalisation read_normalisation(const std::string& text);

void check_normalisation(const Normalisation& normalisation);

/// Throws OptionError for metadata that does not fit this model: it needs one name per output (or two, for a single one),
/// and a normalisation for its samples' channels.
void check_metadata(const Metadata& metadata, Index channels, Index outputs);
template <typename T>
void check_metadata(const Metadata& metadata, const BasicModel<T>& model) {
  check_metadata(metadata, model.sample_extents().back(), model.output_extents().back());
}

/// Checks the same for metadata that is saved with a model: its names must have the order of the model's own. Throws DataError.
template <typename T>
void check_own_metadata(const Metadata& metadata, const BasicModel<T>& model) {
  check_metadata(metadata, model);
  check_class_order("metadata", "the metadata", metadata.class_names, {"the model", "model", model.class_names()});
}

/// Gives a model the class names in metadata, or none if their number does not fit, as after a load that was not strict.
template <typename T>
void take_class_names(BasicModel<T>& model, const std::vector<std::string>& names) {
  const auto size = std::ssize(names), outputs = static_cast<std::ptrdiff_t>(model.output_extents().back());
  const bool fit = size == outputs || (size == 2 && outputs == 1);
  model.set_class_names(fit ? names : std::vector<std::string>());
}

/// Adds a Metadata to a file's texts, except default values. Throws OptionError for an invalid normalisation and DataError
/// for names that are not UTF-8.
void write_metadata(const Metadata& metadata, std::map<std::string, std::string>& entries);

/// Returns the name of a meaning in files: "softmax".
inline std::string meaning_text(OutputMeaning meaning) { return std::string(meaning_names[static_cast<std::size_t>(meaning)]); }

/// Returns the meaning of a model's outputs in a file, "lamina.outputs". If the file has none, as files of 0.1, it is
/// that of a new model with these layers. For a single output of two classes this is uncertain, and the metadata gets a
/// warning. Throws DataError for an unknown or impossible meaning.
OutputMeaning read_meaning(const std::map<std::string, std::string>& entries, bool ends_in_probabilities, Index outputs,
                           Metadata& metadata);
template <typename T>
OutputMeaning meaning_in(const std::map<std::string, std::string>& entries, const BasicModel<T>& model, Metadata& metadata) {
  return read_meaning(entries, model.gives_probabilities(), model.output_extents().back(), metadata);
}

/// Returns the Metadata in a file's texts. Throws DataError if it is damaged.
Metadata read_metadata(const std::map<std::string, std::string>& entries);

}  // namespace detail
}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/metadata.ipp"
#endif
