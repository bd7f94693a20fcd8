#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/tensor.hpp"
#include "convert.hpp"
#include "sample_source.hpp"
#include "targets.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A type of values in a data set: bytes, which become 0 … 1 when they are used, or float.
template <typename V>
concept DataValue = std::same_as<V, std::uint8_t> || std::same_as<V, float>;

/// The values of a data set's samples: in memory, or read from a source whenever they are used.
template <int Rank>
struct StoredSamples {
  Tensor<std::uint8_t, Rank + 1> bytes{};        // (N, sample…), or empty: the values are here …
  Tensor<float, Rank + 1> floats{};              // … or here …
  std::shared_ptr<const SampleSource> source{};  // … or there,
  std::vector<Index> chosen{};                   // of which these samples; empty for all
  bool holds_bytes = true;

  SourceView view() const { return {source.get(), chosen}; }

  template <DataValue V>
  Tensor<V, Rank + 1>& in_memory() {
    if constexpr (std::same_as<V, std::uint8_t>)
      return bytes;
    else
      return floats;
  }

  /// Writes scale · value + offset for the n values of sample i; `scale` is a number and an offset, or one of each per channel.
  template <typename T, typename... Scale>
  void read(Index i, Index n, T* x, const Scale&... scale) const {
    if (source)
      read_from_source(i, n, x, scale...);
    else if (holds_bytes)
      convert(bytes.data() + i * n, x, n, scale...);
    else
      convert(floats.data() + i * n, x, n, scale...);
  }

  /// Copies the n stored values of sample i.
  template <DataValue V>
  void copy(Index i, Index n, V* values) const {
    if (source) return source->copy(view()[i], reinterpret_cast<std::byte*>(values));
    if constexpr (std::same_as<V, std::uint8_t>)
      std::copy_n(bytes.data() + i * n, n, values);
    else
      std::copy_n(floats.data() + i * n, n, values);
  }

  /// Prefetches the n values of sample i if they are in memory.
  void prefetch(Index i, Index n) const {
    if (source)
      source->prefetch(view()[i]);
    else if (holds_bytes)
      prefetch_begin(bytes.data() + i * n, n);
    else
      prefetch_begin(floats.data() + i * n, n * static_cast<Index>(sizeof(float)));
  }

  StoredSamples subset(std::span<const Index> samples) const {
    StoredSamples part{.source = source, .holds_bytes = holds_bytes};
    if (source)
      for (const Index i : samples) part.chosen.push_back(view()[i]);
    else if (holds_bytes)
      part.bytes = rows(bytes, samples);
    else
      part.floats = rows(floats, samples);
    return part;
  }

 private:
  /// Converts the stored values from where the source holds them. If it does not, reads them into the end of x's own memory
  /// and converts them from there to its beginning: each number is written over bytes that were converted before, so that no
  /// other memory is needed.
  template <typename T, typename... Scale>
  void read_from_source(Index i, Index n, T* x, const Scale&... scale) const {
    const Index row = view()[i];
    if (const std::byte* const held = source->hold(row)) {
      if (holds_bytes)
        convert(reinterpret_cast<const std::uint8_t*>(held), x, n, scale...);
      else
        convert(reinterpret_cast<const float*>(held), x, n, scale...);
      return source->release(row);
    }
    const Index size = n * static_cast<Index>(holds_bytes ? sizeof(std::uint8_t) : sizeof(float));
    std::byte* const stored = reinterpret_cast<std::byte*>(x + n) - size;
    source->copy(row, stored);
    if (holds_bytes) return convert(reinterpret_cast<const std::uint8_t*>(stored), x, n, scale...);
    if constexpr (!std::same_as<T, float>)
      for (Index k = 0; k < n; ++k) {
        float value = 0;
        std::memcpy(&value, stored + k * static_cast<Index>(sizeof(float)), sizeof(float));
        x[k] = static_cast<T>(value);
      }
    convert(x, x, n, scale...);
  }
};

}  // namespace lamina::detail
