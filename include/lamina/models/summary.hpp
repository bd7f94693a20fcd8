#pragma once

#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"

namespace LAMINA_NAMESPACE {

/// A summary of a network, layer by layer, with its costs. It prints as a table:
///
///   layer     output shape   parameters  multiply-adds
///   0  Conv   (28, 28, 6)           156        117,600
///   1  ReLU   (28, 28, 6)             0              –
struct Summary {
  struct Row {
    std::string path;   // "3", nested "1.0"
    std::string layer;  // "Conv"
    std::string shape;  // output of one sample: "(28, 28, 6)"
    Index parameters = 0;
    std::optional<Index> multiply_adds;  // for one sample; nothing if the layer does not tell
  };

  std::vector<Row> rows;
  Index parameters = 0;
  Index measured = 0;       // numbers that layers measure and do not learn, see Buffer
  Index bytes = 0;          // memory of both
  Index multiply_adds = 0;  // for one sample, of the layers that tell

  /// Appends a row.
  void add(std::string path, std::string_view layer, std::string shape, Index count, std::optional<Index> cost);

  friend std::ostream& operator<<(std::ostream& out, const Summary& summary) { return out << summary.text(); }

 private:
  /// Returns a size in memory for people: 984 bytes, 241 KB, 12.3 MB, with 1 KB = 1024 bytes.
  static std::string format_bytes(Index bytes);

  std::string text() const;
};

/// Returns the summary of a model: every layer in order; those of nested Sequentials stand in their places.
///
///   std::cout << summary(model);
template <typename T>
Summary summary(const BasicModel<T>& model) {
  Summary all;
  for (std::size_t i = 0; i < model.layers().size(); ++i) {
    const auto& layer = model.layers()[i];
    Index count = 0, measured = 0;
    model.parameters().each_tensor(i, [&](std::string_view, detail::TensorPointer<T> pointer) {
      (pointer.measured() ? measured : count) += pointer.visit([](const auto& tensor) { return tensor.size(); });
    });
    all.add(layer.path, layer.node->name(), detail::format_shape(std::span(layer.out).subspan(1)), count,
            layer.node->multiply_adds(layer.in));
    all.measured += measured;
    all.bytes += (count + measured) * static_cast<Index>(sizeof(T));
  }
  return all;
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/summary.ipp"
#endif
