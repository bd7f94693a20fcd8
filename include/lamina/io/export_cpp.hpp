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

/// Returns the calls that compute a network.
std::vector<CppCall> cpp_calls(const Architecture& network);

/// Returns the code of the functions that these calls need.
std::string cpp_functions_for(const std::vector<CppCall>& calls);

/// Returns the code of the function that computes the class; empty if outputs are values. `one` is true if a single
/// output distinguishes two classes.
std::string cpp_best(OutputMeaning meaning, bool one);

/// Returns the code of `predict` and of the memory that it needs, in which calls reuse arrays.
std::string cpp_predict(const std::vector<CppCall>& calls);

/// Returns the code that normalises inputs: constants, and functions for bytes and for floating-point numbers.
template <typename T>
std::string cpp_normalise(const Normalisation& normalisation, Index channels) {
  const Affine of_bytes = affine(normalisation, channels, 1 / 255.0), of_numbers = affine(normalisation, channels, 1);
  const auto C = static_cast<std::size_t>(of_bytes.scale.size());
  const auto array = [](const char* name, const std::vector<double>& numbers) {
    const std::vector<T> rounded(numbers.begin(), numbers.end());
    return "  " + cpp_array<T>(name, rounded);
  };
  const auto function = [&](const char* type, const std::vector<double>& scale) {
    return str_cat("static inline void normalise(const ", type, "* values, Number* x) {\n", array("scale", scale),
                   array("offset", of_bytes.offset),
                   "  for (int i = 0; i < inputs; ++i) x[i] = static_cast<Number>(values[i]) * scale[",
                   C > 1 ? str_cat("i % ", C) : "0", "] + offset[", C > 1 ? str_cat("i % ", C) : "0", "];\n}\n");
  };
  return "/// Computes x (inputs) as in training: (value - mean) / deviation; bytes count as 0 ... 1.\n" +
         function("unsigned char", of_bytes.scale) + function("Number", of_numbers.scale);
}

/// Returns the code that converts outputs to the units of the targets; empty if targets were not normalised.
template <typename T>
std::string cpp_denormalise(const Normalisation& normalisation) {
  const auto& [mean, deviation] = normalisation;
  const auto is = [](double number) { return [number](double other) { return other == number; }; };
  if (std::ranges::all_of(mean, is(0)) && std::ranges::all_of(deviation, is(1))) return {};
  const auto array = [](const char* name, const std::vector<double>& numbers) {
    return "  " + cpp_array<T>(name, std::vector<T>(numbers.begin(), numbers.end()));
  };
  return str_cat("\n/// Converts y (outputs) to the units of the training targets: y * deviation + mean.\n"
                 "static inline void denormalise(Number* y) {\n", array("deviation", deviation), array("mean", mean),
                 "  for (int k = 0; k < outputs; ++k) y[k] = y[k] * deviation[", deviation.size() > 1 ? "k" : "0", "] + mean[",
                 mean.size() > 1 ? "k" : "0", "];\n}\n");
}

}  // namespace detail

/// Returns a model as one header of plain C++ in a namespace of this name. It has constants and `predict`, and needs only
/// <cmath>: no heap, no exceptions, no files; C++11 or newer. Its numbers have the model's type, float or double.
///
///   inputs, outputs, class_names     x in the order (h, w, c)
///   normalise(values, x)             as the metadata says; takes bytes, which count as 0 … 1, or numbers
///   denormalise(y)                   converts y to the units of the targets, if these were normalised
///   predict(x, y, memory)            memory: scratch memory that the caller provides
///   best(y)                          the class: the index of the largest y; 0 or 1 for one output that distinguishes two
///                                    classes; left out if the outputs are values
///
/// Throws DataError for a layer of the user's own and for weights that are not finite. Throws OptionError for an invalid
/// namespace name, and for metadata that does not fit the model. The caller must avoid names of the C library, such as `exp`.
template <typename T>
std::string cpp_source(const BasicModel<T>& model, const std::string& name, const Metadata& metadata = {}) {
  detail::check_namespace(name);
  const detail::Architecture network = describe(model);
  detail::check_own_metadata(metadata, model);
  const auto calls = detail::cpp_calls(network);
  const std::string functions = detail::cpp_functions_for(calls);
  const bool math = functions.find("std::") != std::string::npos;
  std::string layers, names;
  for (const auto& layer : network.layers)
    layers += str_cat("//   ", layer.place, layer.place.empty() ? "" : " ", layer.type, " to ",
                      detail::format_shape(std::vector<Index>(layer.out.begin() + 1, layer.out.end())), "\n");
  for (const std::string& one : metadata.class_names)
    names.append(names.empty() ? "" : ", ").append(detail::cpp_string(one));
  if (!names.empty()) names = str_cat("static constexpr const char* class_names[] = {", names, "};\n");
  return str_cat(
      "// A network of ", format_count(model.parameter_count()), " parameters, written by lamina ", library_version,
      ". C++11 or newer; no heap, no exceptions, no files.\n//\n//   static ", name, "::Memory memory;\n//   ", name,
      "::normalise(values, x);        // values in the order (h, w, c): ", detail::format_shape(network.sample), "\n//   ",
      name, "::predict(x, y, memory);\n//\n", layers, "#pragma once\n\n", math ? "#include <cmath>\n\n" : "",
      "namespace ", name, " {\n\nusing Number = ", std::is_same_v<T, float> ? "float" : "double",
      ";\n\nstatic constexpr int inputs = ", detail::cpp_int(detail::count_of(network.sample)),
      ", outputs = ", detail::cpp_int(calls.back().out), ";\n", names, "\nnamespace detail {\n", functions, "\n",
      detail::cpp_arrays(model), "\n}  // namespace detail\n\n",
      detail::cpp_normalise<T>(metadata.normalisation, network.sample.back()), "\n", detail::cpp_predict(calls),
      detail::cpp_denormalise<T>(metadata.target_normalisation),
      detail::cpp_best(model.meaning(), model.has_independent_outputs() && model.output_extents().back() == 1),
      "\n}  // namespace ", name, "\n");
}

/// Writes a model as a header of plain C++, for a microcontroller or a program without lamina; see cpp_source. The
/// namespace has the file's name. The file is written completely or not at all. Throws DataError, which names the file,
/// if it cannot be written.
///
///   export_cpp(model, "digits.hpp", metadata_of(train));     // digits::predict(x, y)
template <typename T>
void export_cpp(const BasicModel<T>& model, const std::filesystem::path& path, const Metadata& metadata = {}) {
  const std::string source = detail::for_file(path, [&] { return cpp_source(model, path.stem().string(), metadata); });
  write_file(path, std::as_bytes(std::span(source)));
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/export_cpp.ipp"
#endif
