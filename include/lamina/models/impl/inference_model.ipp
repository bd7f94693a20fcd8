#pragma once

#include "../inference_model.hpp"

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <numeric>

#include "../../core/error.hpp"
#include "../../core/text.hpp"
#include "../../kernels/activations.hpp"
#include "../../layers/softmax.hpp"

namespace LAMINA_NAMESPACE {

[[gnu::cold]] LAMINA_FUNC void InferenceOptions::check(const char* who) const {
  if (threads < 1) throw OptionError(str_cat(who, ": expects threads of at least 1 but got ", threads));
}

}  // namespace lamina

namespace LAMINA_NAMESPACE::detail {

[[gnu::cold]] LAMINA_FUNC std::string shape_remedy(std::span<const Index> expected, std::span<const Index> given) {
  const auto is = [&](std::initializer_list<Index> extents) { return std::ranges::equal(given, extents); };
  const auto size = [](std::span<const Index> extents) {
    return std::accumulate(extents.begin(), extents.end(), Index{1}, std::multiplies<>());
  };
  const std::string shape = format_shape(expected);
  if (expected.size() == 3) {
    const Index H = expected[0], W = expected[1], C = expected[2];
    if (is({C, H, W}) || is({C, W, H}))
      return str_cat("; the channels stand first and come last here: x.shuffle(std::array{0, ", is({C, H, W}) ? "2, 3" : "3, 2",
                     ", 1}) of an Eigen tensor (N, C, H, W) makes samples of ", shape,
                     is({C, H, W}) ? "" : "; height and width are exchanged, too");
    if (is({W, H, C})) return str_cat("; height and width are exchanged: an image is (height, width, channels) here");
    if (C == 1 && is({H, W})) return str_cat("; the axis of the channels is missing: give the samples the shape ", shape);
    if (C == 3 && is({H, W, 1}))
      return "; the images are grey and the network was trained in colour: read them with .colors = Colors::rgb, or repeat the channel";
    if (C == 1 && is({H, W, 3}))
      return "; the images are in colour and the network was trained on grey ones: read them with .colors = Colors::grey";
    if (given.size() == 3 && given[2] == C)
      return str_cat("; images of another size: resize them to (", H, ", ", W, "), by image_folder's .size or resize_image");
    if (given.size() == 1 && given[0] == size(expected))
      return str_cat("; the images lie in rows: give the samples the shape ", shape);
    if (given.size() == 1) return "; the network takes images and was given rows";
  }
  if (expected.size() == 1 && given.size() > 1 && size(given) == expected[0])
    return str_cat("; the network takes rows: give the samples the shape ", shape, ", or put Flatten{} first");
  if (expected.size() == 1 && given.size() > 1) return str_cat("; the network takes rows of ", expected[0], " numbers and was given images");
  return {};
}

[[noreturn, gnu::cold]] LAMINA_FUNC void refuse_samples(const char* who, std::span<const Index> sample,
                                                        std::span<const Index> in) {
  const std::string remedy = in.empty() ? std::string() : shape_remedy(sample, in.subspan(1));
  throw ShapeError(str_cat(who, ": expects a batch of ", format_shape(sample), " samples but got ", format_shape(in),
                           remedy.empty() ? "; the first axis counts the samples" : remedy));
}

LAMINA_FUNC void check_samples(const char* who, std::span<const Index> sample, std::span<const Index> in) {
  if (in.size() != sample.size() + 1 || in[0] < 0 || !std::equal(sample.begin(), sample.end(), in.begin() + 1))
    refuse_samples(who, sample, in);
}

template <typename T>
[[gnu::cold]] void refuse_values(const InferenceModel<T>& model) {
  throw OptionError(str_cat(model.name(), ": its outputs are values, which have no classes and no probabilities; ask for "
                            "them as they are"));
}

template <typename T>
void InferenceModel<T>::to_probabilities(Tensor<T, 2>& y) const {
  const auto [N, K] = shape(y);
  switch (meaning()) {
    case OutputMeaning::softmax:
      for (Index n = 0; n < N; ++n) softmax_row(y.data() + n * K, K, y.data() + n * K);
      break;
    case OutputMeaning::sigmoid: kernels::activations<T>().sigmoid(y.data(), y.data(), y.size()); break;
    case OutputMeaning::probabilities: break;
    case OutputMeaning::values: refuse_values(*this);
  }
}

template <typename T>
void InferenceModel<T>::decide(const Tensor<T, 2>& y, std::vector<std::int32_t>& classes) const {
  if (meaning() == OutputMeaning::values) refuse_values(*this);
  if (y.dimension(1) != 1 || !has_independent_outputs()) return argmax(y, classes);
  const T threshold = meaning() == OutputMeaning::sigmoid ? T(0) : T(0.5);
  classes.resize(static_cast<std::size_t>(y.size()));
  for (std::size_t n = 0; n < classes.size(); ++n) classes[n] = y.data()[n] > threshold ? 1 : 0;
}

template <typename T>
void InferenceModel<T>::decide_probabilities(const Tensor<T, 2>& p, std::vector<std::int32_t>& decided) const {
  if (this->classes() == outputs()) return argmax(p, decided);
  decided.resize(static_cast<std::size_t>(p.size()));
  for (std::size_t n = 0; n < decided.size(); ++n) decided[n] = p.data()[n] > T(0.5) ? 1 : 0;
}

}  // namespace lamina::detail
