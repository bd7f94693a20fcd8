#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unistd.h>
#include <utility>
#include <vector>

#include "../models/network.hpp"
#include "architecture.hpp"
#include "saved_model.hpp"

namespace LAMINA_NAMESPACE {

/// The limits of what a file may ask for. The parameters must be in the file itself.
struct ModelLimits {
  std::size_t layers = 1000;
  Index numbers = Index{1} << 26;            // numbers that all layers together compute for one sample
  Index multiply_adds = 100'000'000'000;     // multiply-adds for one sample
};

/// A model that was rebuilt from a file, and its metadata.
template <typename T>
struct LoadedModel {
  BasicModel<T> model;
  Metadata metadata;
};

namespace detail {

/// A budget that throws DataError when it is exceeded.
struct Budget {
  Index left;
  const char* refusal;

  template <int Rank>
  void take(const Shape<Rank>& numbers) {
    if (!numbers.is_countable() || numbers.size() > left) throw DataError(refusal);
    left -= numbers.size();
  }
};

/// Returns the number of parameters of a layer without creating them. Throws DataError for a layer that does not give it.
template <typename L, int Rank>
Index counted_parameters(const L& layer, const Shape<Rank>& in) {
  if constexpr (std::is_same_v<typename L::template Parameters<float>, None>)
    return 0;
  else if constexpr (requires { layer.parameter_count(in); })
    return layer.parameter_count(in);
  else
    throw DataError(
        "has no parameter_count, so that a file could ask for any amount of memory; add it, "
        "or load the file into a model of the same layers");
}

/// Throws DataError, or what layers throw, unless one sample can pass the network within the limits and the layers have
/// as many parameters as the file has numbers. Allocates nothing in proportion to these sizes.
template <int Rank, typename Net>
void check_extents(const Net& network, const Shape<Rank>& in, const ModelLimits& limits, Index stored_numbers) {
  Budget numbers{limits.numbers, "computes more numbers for one sample than the limits allow"};
  Budget work{limits.multiply_adds, "takes more multiply-adds for one sample than the limits allow"};
  Budget parameters{stored_numbers, "has more parameters than are left in the file"};
  numbers.take(in);
  network.for_each_layer(in, [&](std::size_t i, const auto& layer, const auto& x) {
    try {
      const auto out = layer.output_shape(x);
      numbers.take(out);
      if constexpr (requires { layer.slide(); }) {  // its scratch memory, see ConvGeometry::check
        numbers.take(layer.slide().padded(x));
        numbers.take(Shape{out[2], layer.slide().window.width, x[3]});
      }
      if constexpr (requires { layer.adjoint(); }) {
        numbers.take(layer.adjoint().padded(out));
        numbers.take(Shape{x[2], layer.adjoint().window.width, out[3]});
      }
      if constexpr (requires { layer.multiply_adds(x); })
        work.take(Shape{layer.multiply_adds(x)});
      else if constexpr (requires { layer.slide(); })
        work.take(Shape{out.size(), layer.slide().window.height, layer.slide().window.width});
      parameters.take(Shape{detail::counted_parameters(layer, x)});
    } catch (const DataError& error) {
      throw DataError(str_cat("layer ", i, ": ", std::string_view(layer.name), ": ", error.what()));
    }
  });
  network.output_shape(in);
}

/// Returns how many numbers the tensors of a file hold.
Index numbers_in(const SafeTensors& file);

/// Makes a model of a network that a file describes, after check_extents accepted it. Throws DataError for samples that
/// are neither images nor rows.
template <typename T, typename Net>
BasicModel<T> model_of(const Net& network, const std::vector<Index>& sample, const ModelLimits& limits,
                       Index stored_numbers) {
  const auto make = [&](const auto& shape) {
    detail::check_extents(network, batch_shape(1, shape), limits, stored_numbers);
    return BasicModel<T>(network, shape, Draw(nullptr));
  };
  if (sample.size() == 3) return make(Shape{sample[0], sample[1], sample[2]});
  if (sample.size() == 1) return make(Shape{sample[0]});
  throw DataError(str_cat("its samples are ", numbers_text(sample), ", of ", sample.size(),
                          " axes; a network takes images, of 3, or rows, of 1"));
}

[[noreturn]] void cannot_rebuild(const std::exception& error, const std::string& version);

}  // namespace detail

/// Rebuilds a model from the bytes of a file that `save` wrote: its layers, as a Network, its parameters, and its metadata.
///
/// The user's own layers must be in the list of the BasicNetwork that is given as Net. They must have visit_options and
/// parameter_count (see VisitsOptions). A user's own initializer is not in the file: the rebuilt layer has HeNormal
/// instead, which matters only if its weights are drawn again.
///
/// Throws DataError if the file does not describe its layers, if a layer is unknown, or if the layers do not fit one
/// another, the tensors, the metadata or the limits. Also throws it if the model does not reproduce the test output stored in
/// the file. It takes no more memory than the file's size and the limits justify.
template <typename Net = Network, std::floating_point T = float>
LoadedModel<T> load_model_bytes(std::span<const std::byte> bytes, const ModelLimits& limits = {}) {
  const detail::SafeTensors file = detail::parse_safetensors(bytes);
  Metadata metadata = detail::read_metadata(file.metadata);
  const std::string version = metadata.version;
  const auto architecture = file.metadata.find("lamina.architecture");
  if (architecture == file.metadata.end())
    throw DataError("does not describe its layers; build a model of the same layers and load the file into it");
  try {
    const auto read = detail::read_architecture<Net>(architecture->second, limits.layers);
    LoadedModel<T> loaded{detail::model_of<T>(read.network, read.sample, limits, detail::numbers_in(file)), std::move(metadata)};
    const auto& model = std::as_const(loaded.model);
    const auto stored = detail::stored_tensors(model, {.places = &read.places});
    detail::match_tensors(file, stored, {}, "its tensors are not those of the layers that it describes");
    detail::check_metadata(loaded.metadata, model);
    loaded.model.set_meaning(detail::meaning_in(file.metadata, model, loaded.metadata));
    detail::take_class_names(loaded.model, loaded.metadata.class_names);
    detail::TensorViews<T> places;
    model.parameters().find(places);
    detail::read_tensors(file, bytes, stored, places);
    if (const auto test = file.metadata.find("lamina.self_test"); test != file.metadata.end())
      detail::run_self_test(model, test->second);
    return loaded;
  } catch (const DataError& error) {
    detail::cannot_rebuild(error, version);
  } catch (const std::invalid_argument& error) {  // ShapeError, OptionError
    detail::cannot_rebuild(error, version);
  }
}

/// Rebuilds a model from a file, as load_model_bytes does. Throws DataError, which names the file.
///
///   auto [model, metadata] = load_model("lenet.safetensors");
///   auto [model, metadata] = load_model<BasicNetwork<Swish>>("own.safetensors");    // with a layer of your own
template <typename Net = Network, std::floating_point T = float>
LoadedModel<T> load_model(const std::filesystem::path& path, const ModelLimits& limits = {}) {
  const std::vector<std::byte> bytes = detail::read_file(path);
  return detail::for_file(path, [&] { return load_model_bytes<Net, T>(bytes, limits); });
}

}  // namespace lamina

#ifndef LAMINA_COMPILED
#include "impl/load_model.ipp"
#else
namespace LAMINA_NAMESPACE {

extern template LoadedModel<float> load_model_bytes<Network, float>(std::span<const std::byte> bytes, const ModelLimits& limits);
extern template LoadedModel<double> load_model_bytes<Network, double>(std::span<const std::byte> bytes, const ModelLimits& limits);

}  // namespace lamina
#endif
