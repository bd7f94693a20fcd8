#pragma once

#include "../export_cpp.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "../cpp_functions.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::vector<CppCall> cpp_calls(const Architecture& network) {
  std::vector<CppCall> calls;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const auto& layer = network.layers[i];
    try {
      if (!layer.layer) throw DataError("cannot be written as plain C++, as it is not one of the library's layers");
      if (auto call = std::visit(CppCallOf{layer, std::to_string(i)}, *layer.layer)) calls.push_back(std::move(*call));
    } catch (const DataError& error) {
      throw DataError(message("layer ", i, ": ", layer.type, ": ", error.what()));
    }
  }
  if (calls.empty())
    calls.push_back({"copy", cpp_int(count_of(network.sample)) + ", ", count_of(network.sample), false});
  return calls;
}

LAMINA_FUNC std::string cpp_functions_for(const std::vector<CppCall>& calls) {
  const auto calls_any = [&](std::initializer_list<std::string_view> names) {
    return std::any_of(calls.begin(), calls.end(), [&](const CppCall& call) {
      return std::find(names.begin(), names.end(), call.function) != names.end();
    });
  };
  std::string text;
  if (calls_any({"conv", "grouped_conv", "max_pool", "average_pool", "padded_average_pool"})) text += cpp_window;
  for (const auto& [name, function] : cpp_functions)
    if (calls_any({name}) || (name == "dot" && calls_any({"conv", "grouped_conv", "dense"}))) text += function;
  return text;
}

LAMINA_FUNC std::string cpp_predict(const std::vector<CppCall>& calls) {
  std::string from = "x", lines;
  Index a = 1, b = 1;
  for (const CppCall& call : calls) {
    std::string to = from == "memory.a" ? "memory.b" : "memory.a";
    if (call.in_place && from != "x") to = from;
    if (&call == &calls.back())
      to = "y";
    else
      (to == "memory.a" ? a : b) = (std::max)(to == "memory.a" ? a : b, call.out);
    lines += message("  detail::", call.function, "(", call.arguments, from, ", ", to, ");\n");
    from = to;
  }
  if (calls.size() == 1) lines += "  static_cast<void>(memory);\n";
  return message(
      "/// Where numbers stand on their way.\nstruct Memory {\n  Number a[", cpp_int(a), "], b[", cpp_int(b),
      "];\n};\n\n",
      "/// y (outputs) of x (inputs). Allocates nothing; calls that have memories of their own may run at once.\n",
      "static inline void predict(const Number* x, Number* y, Memory& memory) {\n", lines, "}\n",
      "static inline void predict(const Number* x, Number* y) {\n  Memory memory;\n  predict(x, y, memory);\n}\n");
}

LAMINA_FUNC std::string cpp_best(OutputMeaning meaning, bool one) {
  if (meaning == OutputMeaning::values) return {};
  if (one)
    return message("\n/// The class, 0 or 1: that of which y[0] ", meaning == OutputMeaning::sigmoid ? "is the logit" : "is the probability",
                   " is 1.\nstatic inline int best(const Number* y) { return y[0] > ", meaning == OutputMeaning::sigmoid ? "0" : "static_cast<Number>(0.5)",
                   " ? 1 : 0; }\n");
  return "\n/// The place of the largest number, the first among equals; a NaN loses to every number.\nstatic inline int "
         "best(const Number* y) {\n"
         "  int place = 0;\n  for (int i = 1; i < outputs; ++i)\n    if (y[i] > y[place] || (y[place] != y[place] && y[i] "
         "== y[i])) place = i;\n  return place;\n}\n";
}

}  // namespace lamina::detail
