#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "../core/version.hpp"
#include "../data/normalisation.hpp"
#include "../models/model.hpp"
#include "format_safetensors.hpp"
#include "json_reader.hpp"
#include "number_text.hpp"

namespace lamina {

/// What one has to know of a network besides its parameters to use it: how the values that it was trained on were
/// normalised, and what its outputs are called. It stands in the metadata of the file, where other programs can read
/// it:
///
///   "lamina.normalisation": {"mean":["0.1307"],"deviation":["0.3081"]}
///   "lamina.class_names": ["cat","dog"]
struct ModelCard {
  Normalisation normalisation{};           // of the training set, see measure_normalisation
  std::vector<std::string> class_names{};  // in the order of the outputs, or none
  std::string version{};                   // of the lamina that wrote the file: save writes its own, whatever is here
};

/// The card of a network that was trained on this set.
///
///   save(model, "digits.safetensors", card_of(train));
///   const ModelCard card = load(model, "digits.safetensors");
///   test.normalise(card.normalisation);
template <typename Data>
ModelCard card_of(const Data& train) {
  return {train.normalisation(), train.class_names(), {}};
}

namespace detail {

inline std::string json_strings(const std::vector<std::string>& texts) {
  std::string list = "[";
  for (const std::string& text : texts) list.append(list.size() > 1 ? "," : "").append(json_string(text));
  return list + "]";
}

inline std::vector<std::string> number_texts(const std::vector<double>& numbers) {
  std::vector<std::string> texts;
  for (const double number : numbers) texts.push_back(number_text(number));
  return texts;
}

inline std::vector<double> read_numbers(JsonReader& json) {
  std::vector<double> numbers;
  json.array([&] { numbers.push_back(read_number_text(json)); });
  return numbers;
}

inline void check_normalisation(const Normalisation& normalisation) {
  const std::size_t channels = std::max({std::size_t{1}, normalisation.mean.size(), normalisation.deviation.size()});
  affine(normalisation, static_cast<Index>(channels), 1);
}

/// Throws OptionError for a card that is not one of this model: names that are not one per output (or two, for a single
/// one), normalisation that is not of its samples' channels.
inline void check_card(const ModelCard& card, Index channels, Index outputs) {
  const Index names = static_cast<Index>(card.class_names.size());
  if (names != 0 && names != outputs && !(names == 2 && outputs == 1))
    throw OptionError(message("model card: expects ", outputs, " class names, one for each output, but got ", names));
  affine(card.normalisation, channels, 1);
}
template <typename L, AnyTensor X>
void check_card(const ModelCard& card, const Model<L, X>& model) {
  const auto sample = model.sample_shape();
  const auto out = model.output_shape(1);
  check_card(card, sample[sample.rank - 1], out[out.rank - 1]);
}

/// Adds a card to a file's metadata. What is as without a card is left out. Throws OptionError for a normalisation that
/// cannot be and DataError for names that are not UTF-8.
inline void write_card(const ModelCard& card, std::map<std::string, std::string>& metadata) {
  metadata["lamina"] = std::string(library_version);
  const auto& [mean, deviation] = card.normalisation;
  check_normalisation(card.normalisation);
  if (mean != Normalisation{}.mean || deviation != Normalisation{}.deviation)
    metadata["lamina.normalisation"] = "{\"mean\":" + json_strings(number_texts(mean)) +
                                       ",\"deviation\":" + json_strings(number_texts(deviation)) + "}";
  if (!card.class_names.empty()) metadata["lamina.class_names"] = json_strings(card.class_names);
}

/// The card in a file's metadata. Throws DataError when it is not as written.
inline ModelCard read_card(const std::map<std::string, std::string>& metadata) {
  ModelCard card;
  if (const auto found = metadata.find("lamina"); found != metadata.end()) card.version = found->second;
  try {
    if (const auto found = metadata.find("lamina.class_names"); found != metadata.end()) {
      JsonReader json(found->second);
      json.array([&] { card.class_names.push_back(json.string()); });
      json.end();
    }
    if (const auto found = metadata.find("lamina.normalisation"); found != metadata.end()) {
      JsonReader json(found->second);
      json.object([&](const std::string& key) {
        if (key != "mean" && key != "deviation")
          throw DataError(message("has a member \"", JsonReader::printable(key), "\" that is unknown"));
        (key == "mean" ? card.normalisation.mean : card.normalisation.deviation) = read_numbers(json);
      });
      json.end();
      check_normalisation(card.normalisation);
    }
  } catch (const std::exception& error) {
    throw DataError(message("its model card is damaged: ", error.what()));
  }
  return card;
}

}  // namespace detail
}  // namespace lamina
