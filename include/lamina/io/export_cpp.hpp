#pragma once

#include <algorithm>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "../core/text.hpp"
#include "../core/version.hpp"
#include "cpp_calls.hpp"
#include "cpp_constants.hpp"
#include "cpp_namespace.hpp"
#include "saved_model.hpp"

namespace LAMINA_NAMESPACE {

namespace detail {

/// The calls that a network is.
std::vector<CppCall> cpp_calls(const Architecture& network);

/// The functions that these calls need.
std::string cpp_functions_for(const std::vector<CppCall>& calls);

/// Returns the function that tells the class; nothing where outputs are values. `one` tells whether one output tells
/// two apart.
std::string cpp_best(OutputMeaning meaning, bool one);

/// The memory between calls, arrays that take turns, and `predict`.
std::string cpp_predict(const std::vector<CppCall>& calls);

/// What has to be done to values before: constants, and functions for bytes and for numbers.
template <typename T>
std::string cpp_normalise(const Normalisation& normalisation, Index channels) {
  const Affine of_bytes = affine(normalisation, channels, 1 / 255.0), of_numbers = affine(normalisation, channels, 1);
  const auto C = static_cast<std::size_t>(of_bytes.scale.size());
  const auto array = [](const char* name, const std::vector<double>& numbers) {
    const std::vector<T> rounded(numbers.begin(), numbers.end());
    return "  " + cpp_array<T>(name, rounded);
  };
  const auto function = [&](const char* type, const std::vector<double>& scale) {
    return message("static inline void normalise(const ", type, "* values, Number* x) {\n", array("scale", scale),
                   array("offset", of_bytes.offset),
                   "  for (int i = 0; i < inputs; ++i) x[i] = static_cast<Number>(values[i]) * scale[",
                   C > 1 ? message("i % ", C) : "0", "] + offset[", C > 1 ? message("i % ", C) : "0", "];\n}\n");
  };
  return "/// x (inputs) as the network was trained on it: (value - mean) / deviation, bytes taken as 0 ... 1.\n" +
         function("unsigned char", of_bytes.scale) + function("Number", of_numbers.scale);
}

/// Returns the function that gives outputs back in the units of the targets; nothing where these were not normalised.
template <typename T>
std::string cpp_denormalise(const Normalisation& normalisation) {
  const auto& [mean, deviation] = normalisation;
  const auto is = [](double number) { return [number](double other) { return other == number; }; };
  if (std::ranges::all_of(mean, is(0)) && std::ranges::all_of(deviation, is(1))) return {};
  const auto array = [](const char* name, const std::vector<double>& numbers) {
    return "  " + cpp_array<T>(name, std::vector<T>(numbers.begin(), numbers.end()));
  };
  return message("\n/// y (outputs) in the units of the targets that the network was trained on: y * deviation + mean.\n"
                 "static inline void denormalise(Number* y) {\n", array("deviation", deviation), array("mean", mean),
                 "  for (int k = 0; k < outputs; ++k) y[k] = y[k] * deviation[", deviation.size() > 1 ? "k" : "0", "] + mean[",
                 mean.size() > 1 ? "k" : "0", "];\n}\n");
}

}  // namespace detail

/// A model as one header of plain C++, in a namespace of this name: constants, and `predict`, which needs no library but
/// <cmath>, no heap, no exceptions and no files; C++11 or newer. Its numbers are the model's own, float or double. Throws
/// DataError for a layer of one's own and for weights that are not finite, and OptionError for a name that C++ does not allow
/// (one of the C library's, such as `exp`, is the caller's to avoid) and for a card that cannot be this model's.
///
///   inputs, outputs, class_names     x in the order (h, w, c)
///   normalise(values, x)             as the card has it; of bytes, which count as 0 … 1, or of numbers
///   denormalise(y)                   y in the units of the targets, where these were normalised
///   predict(x, y, memory)            memory: where numbers stand on their way, of the caller's choosing
///   best(y)                          the class: the place of the largest of y; of one output that tells two classes apart, 0 or 1;
///                                    left out where the outputs are values
template <typename T>
std::string cpp_source(const BasicModel<T>& model, const std::string& name, const ModelCard& card = {}) {
  detail::check_namespace(name);
  const Architecture network = describe(model);
  detail::check_own_card(card, model);
  const auto calls = detail::cpp_calls(network);
  const std::string functions = detail::cpp_functions_for(calls);
  const bool math = functions.find("std::") != std::string::npos;
  std::string layers, names;
  for (const auto& layer : network.layers)
    layers += message("//   ", layer.place, layer.place.empty() ? "" : " ", layer.type, " to ",
                      format_shape(std::vector<Index>(layer.out.begin() + 1, layer.out.end())), "\n");
  for (const std::string& one : card.class_names)
    names.append(names.empty() ? "" : ", ").append(detail::cpp_string(one));
  if (!names.empty()) names = message("static constexpr const char* class_names[] = {", names, "};\n");
  return message(
      "// A network of ", format_count(model.parameter_count()), " parameters, written by lamina ", library_version,
      ". C++11 or newer; no heap, no exceptions, no files.\n//\n//   static ", name, "::Memory memory;\n//   ", name,
      "::normalise(values, x);        // values in the order (h, w, c): ", format_shape(network.sample), "\n//   ",
      name, "::predict(x, y, memory);\n//\n", layers, "#pragma once\n\n", math ? "#include <cmath>\n\n" : "",
      "namespace ", name, " {\n\nusing Number = ", std::is_same_v<T, float> ? "float" : "double",
      ";\n\nstatic constexpr int inputs = ", detail::cpp_int(detail::count_of(network.sample)),
      ", outputs = ", detail::cpp_int(calls.back().out), ";\n", names, "\nnamespace detail {\n", functions, "\n",
      detail::cpp_arrays(model), "\n}  // namespace detail\n\n",
      detail::cpp_normalise<T>(card.normalisation, network.sample.back()), "\n", detail::cpp_predict(calls),
      detail::cpp_denormalise<T>(card.target_normalisation),
      detail::cpp_best(model.meaning(), model.has_independent_outputs() && model.output_extents().back() == 1),
      "\n}  // namespace ", name, "\n");
}

/// Writes a model as a header of plain C++, for a microcontroller or a program without lamina; see cpp_source. The namespace
/// is named as the file is. The file is there wholly or not at all; throws DataError, which names it, when it cannot be
/// written.
///
///   export_cpp(model, "digits.hpp", card_of(train));     // digits::predict(x, y)
template <typename T>
void export_cpp(const BasicModel<T>& model, const std::filesystem::path& path, const ModelCard& card = {}) {
  const std::string source = detail::for_file(path, [&] { return cpp_source(model, path.stem().string(), card); });
  write_file(path, std::as_bytes(std::span(source)));
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/export_cpp.ipp"
#endif
