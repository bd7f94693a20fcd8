#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"
#include "walk.hpp"

namespace LAMINA_NAMESPACE {

/// What a network is made of, layer by layer, and what it costs. Printed, a table:
///
///   layer     output shape   parameters  multiply-adds
///   0  Conv   (28, 28, 6)           156        117,600
///   1  ReLU   (28, 28, 6)             0              –
struct Summary {
  struct Row {
    std::string path;   // "3", nested "1.0"
    std::string layer;  // "Conv"
    std::string shape;  // of one sample's output: "(28, 28, 6)"
    Index parameters = 0;
    std::optional<Index> multiply_adds;  // of one sample; nothing where the layer does not say
  };

  std::vector<Row> rows;
  Index parameters = 0;
  Index bytes = 0;          // that the parameters take
  Index multiply_adds = 0;  // of one sample, of the layers that say

  /// Appends a row.
  void add(std::string path, std::string_view layer, std::string shape, Index count, std::optional<Index> cost);

  friend std::ostream& operator<<(std::ostream& out, const Summary& summary) { return out << summary.text(); }

 private:
  /// A size in memory as a person reads it: 984 bytes, 241 KB, 12.3 MB, of 1024 each.
  static std::string format_bytes(Index bytes);

  std::string text() const;
};

/// The summary of a model: every layer, in order, those of nested Sequentials in their places.
///
///   std::cout << summary(model);
template <typename L, AnyTensor X>
Summary summary(const Model<L, X>& model) {
  Summary all;
  walk(model.layer(), model.input_shape(1), model.parameters(),
       [&](const std::string& path, const auto& layer, const auto& in, const auto& p) {
         std::optional<Index> multiply_adds;
         if constexpr (requires { layer.multiply_adds(in); }) multiply_adds = layer.multiply_adds(in);
         all.add(path, layer.name, message(sample_shape(layer.output_shape(in))), parameter_count(p), multiply_adds);
         visit_parameters([&](const auto& x) { all.bytes += x.size() * static_cast<Index>(sizeof(*x.data())); }, p);
       });
  return all;
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/summary.ipp"
#endif
