#pragma once

#include "../export_cpp.hpp"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include "../cpp_activations.hpp"
#include "../cpp_branches.hpp"
#include "../cpp_functions.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns the calls that a merge of several values is.
[[gnu::cold]] inline std::vector<CppCall> cpp_merge(const Architecture& network, const LayerDescription& layer) {
  const auto extents = [&](std::size_t value) { return value == 0 ? network.layers[0].in : network.layers[value - 1].out; };
  const Index n = count_of(layer.out), C = layer.out.back();
  std::vector<CppCall> calls;
  if (layer.type == "Concat") {
    Index at = 0;
    for (const std::size_t value : layer.inputs) {
      const Index own = extents(value).back();
      calls.push_back({"place", str_cat(cpp_int(n / C), ", ", own, ", ", cpp_int(C), ", ", at, ", "), n, false, {value}});
      at += own;
    }
    return calls;
  }
  std::vector<std::size_t> inputs = layer.inputs;
  const bool gates = extents(inputs[0]) != extents(inputs[1]);
  if (gates && extents(inputs[0]) != layer.out) std::swap(inputs[0], inputs[1]);
  if (gates)
    calls.push_back({"scale_channels", str_cat(cpp_int(n / C), ", ", cpp_int(C), ", "), n, true, inputs});
  else
    calls.push_back({layer.type == "Mul" ? "multiply" : "add", cpp_int(n) + ", ", n, true, inputs});
  return calls;
}

LAMINA_FUNC std::vector<CppCall> cpp_calls(const Architecture& network) {
  std::vector<CppCall> calls;
  std::vector<std::size_t> same{0};  // the value that a value is
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const auto& layer = network.layers[i];
    same.push_back(same[layer.inputs[0]]);
    try {
      if (!layer.layer) throw DataError("cannot be written as plain C++, as it is not one of the library's layers");
      std::vector<CppCall> own;
      if (layer.inputs.size() > 1)
        own = cpp_merge(network, layer);
      else if (auto call = std::visit(CppCallOf{layer, std::to_string(i)}, *layer.layer))
        own = {std::move(*call)};
      if (!own.empty()) same.back() = i + 1;
      for (CppCall& call : own) {
        if (call.inputs.empty()) call.inputs = layer.inputs;
        for (std::size_t& value : call.inputs) value = same[value];
        call.value = i + 1;
        calls.push_back(std::move(call));
      }
    } catch (const DataError& error) {
      throw DataError(str_cat("layer ", i, ": ", layer.type, ": ", error.what()));
    }
  }
  if (calls.empty())
    calls.push_back({"copy", cpp_int(count_of(network.sample)) + ", ", count_of(network.sample), false, {0}, 1});
  return calls;
}

LAMINA_FUNC std::string cpp_functions_for(const std::vector<CppCall>& calls) {
  const auto calls_any = [&](std::initializer_list<std::string_view> names) {
    return std::any_of(calls.begin(), calls.end(), [&](const CppCall& call) {
      return std::find(names.begin(), names.end(), call.function) != names.end();
    });
  };
  std::string text;
  if (calls_any({"conv", "grouped_conv", "conv_transpose", "max_pool", "average_pool", "padded_average_pool"})) text += cpp_window;
  for (const std::span<const CppFunction> functions : {std::span<const CppFunction>(cpp_functions), {cpp_activations}, {cpp_branches}})
    for (const auto& [name, function] : functions)
      if (calls_any({name}) || (name == "dot" && calls_any({"conv", "grouped_conv", "conv_transpose", "dense"}))) text += function;
  return text;
}

/// Gives the values between calls places in arrays of the memory: the first that is free.
class CppPlaces {
 public:
  explicit CppPlaces(const std::vector<CppCall>& calls) {
    for (std::size_t i = 0; i < calls.size(); ++i)
      for (const std::size_t value : calls[i].inputs) last_use_[value] = i;
  }

  /// Gives the value that call i writes to a place.
  void take(const CppCall& call, std::size_t i) {
    const std::size_t from = call.inputs[0];
    const bool alone = std::count(call.inputs.begin(), call.inputs.end(), from) == 1;
    if (call.in_place && from != 0 && alone && last_use_[from] == i) return put(call, places_[from]);
    std::size_t free = 0;
    while (std::any_of(places_.begin(), places_.end(),
                       [&](const auto& one) { return one.second == free && last_use_[one.first] >= i; }))
      ++free;
    put(call, free);
  }

  /// Returns the expression for a value: `x` or an array of the memory.
  std::string name(std::size_t value) const { return value == 0 ? "x" : "memory." + letter(places_.at(value)); }

  /// Returns the declarations of the arrays, such as a[10], b[3]; at least two.
  std::string declared() const {
    std::string text;
    for (std::size_t i = 0; i < (std::max)(sizes_.size(), std::size_t{2}); ++i)
      text.append(i > 0 ? ", " : "").append(letter(i)).append("[").append(cpp_int(i < sizes_.size() ? sizes_[i] : 1)).append("]");
    return text;
  }

 private:
  static std::string letter(std::size_t place) {
    return place < 26 ? std::string(1, static_cast<char>('a' + place)) : "a" + std::to_string(place);
  }

  void put(const CppCall& call, std::size_t place) {
    places_[call.value] = place;
    sizes_.resize((std::max)(sizes_.size(), place + 1), 1);
    sizes_[place] = (std::max)(sizes_[place], call.out);
  }

  std::map<std::size_t, std::size_t> last_use_, places_;  // of the values
  std::vector<Index> sizes_;
};

LAMINA_FUNC std::string cpp_predict(const std::vector<CppCall>& calls) {
  CppPlaces places(calls);
  std::string lines;
  const std::size_t output = calls.back().value;
  std::size_t written = 0;
  bool uses_memory = false;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const CppCall& call = calls[i];
    if (call.value != output && std::exchange(written, call.value) != call.value) places.take(call, i);
    lines += str_cat("  detail::", call.function, "(", call.arguments);
    for (const std::size_t value : call.inputs) lines += places.name(value) + ", ";
    lines += (call.value == output ? "y" : places.name(call.value)) + ");\n";
    uses_memory = uses_memory || call.value != output;
  }
  if (!uses_memory) lines += "  static_cast<void>(memory);\n";
  return str_cat(
      "/// Where numbers stand on their way.\nstruct Memory {\n  Number ", places.declared(),
      ";\n};\n\n",
      "/// Computes y (outputs) from x (inputs). Allocates nothing; calls with separate memories may run at once.\n",
      "static inline void predict(const Number* x, Number* y, Memory& memory) {\n", lines, "}\n",
      "static inline void predict(const Number* x, Number* y) {\n  Memory memory;\n  predict(x, y, memory);\n}\n");
}

LAMINA_FUNC std::string cpp_best(OutputMeaning meaning, bool one) {
  if (meaning == OutputMeaning::values) return {};
  if (one)
    return str_cat("\n/// Returns the class, 0 or 1; y[0] ", meaning == OutputMeaning::sigmoid ? "is the logit" : "is the probability",
                   " of class 1.\nstatic inline int best(const Number* y) { return y[0] > ", meaning == OutputMeaning::sigmoid ? "0" : "static_cast<Number>(0.5)",
                   " ? 1 : 0; }\n");
  return "\n/// Returns the index of the largest number, the first among equals; a NaN loses to every number.\nstatic inline int "
         "best(const Number* y) {\n"
         "  int place = 0;\n  for (int i = 1; i < outputs; ++i)\n    if (y[i] > y[place] || (y[place] != y[place] && y[i] "
         "== y[i])) place = i;\n  return place;\n}\n";
}

}  // namespace lamina::detail
