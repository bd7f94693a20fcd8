#pragma once

#include <algorithm>
#include <limits>
#include <locale>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "../data/normalisation.hpp"
#include "format_safetensors.hpp"
#include "json_reader.hpp"

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
};

/// The card of a network that was trained on this set.
///
///   save(model, "digits.safetensors", card_of(train));
///   const ModelCard card = load(model, "digits.safetensors");
///   test.normalise(card.normalisation);
template <typename Data>
ModelCard card_of(const Data& train) {
  return {train.normalisation(), train.class_names()};
}

namespace detail {

inline std::string json_strings(const std::vector<std::string>& texts) {
  std::string list = "[";
  for (const std::string& text : texts) list.append(list.size() > 1 ? "," : "").append(json_string(text));
  return list + "]";
}

/// Numbers with all their digits.
inline std::vector<std::string> number_texts(const std::vector<double>& numbers) {
  std::vector<std::string> texts;
  for (const double number : numbers) {
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out.precision(std::numeric_limits<double>::max_digits10);
    out << number;
    texts.push_back(out.str());
  }
  return texts;
}

inline std::vector<double> read_numbers(JsonReader& json) {
  std::vector<double> numbers;
  json.array([&] {
    const std::string text = json.string();
    std::istringstream in(text);
    in.imbue(std::locale::classic());
    double number = 0;
    if (!(in >> number) || in.peek() != std::istringstream::traits_type::eof())
      throw DataError(message("expects a number but got \"", JsonReader::printable(text), "\""));
    numbers.push_back(number);
  });
  return numbers;
}

inline void check_normalisation(const Normalisation& normalisation) {
  const std::size_t channels = std::max({std::size_t{1}, normalisation.mean.size(), normalisation.deviation.size()});
  affine(normalisation, static_cast<Index>(channels), 1);
}

/// Adds a card to a file's metadata. What is as without a card is left out. Throws OptionError for a normalisation that
/// cannot be and DataError for names that are not UTF-8.
inline void write_card(const ModelCard& card, std::map<std::string, std::string>& metadata) {
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
