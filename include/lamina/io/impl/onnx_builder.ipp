#pragma once

#include "../onnx_builder.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

#include "../stored_tensors.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC OnnxBuilder::OnnxBuilder(const OnnxGraph& graph, std::size_t most_layers)
    : OnnxConstants(graph), most_layers_(most_layers) {
  const auto& sample = graph.sample;
  if (sample.size() == 1)
    here_.at = Shape<2>{{1, sample[0]}};
  else
    here_.at = Shape<4>{{1, sample[0], sample[1], sample[2]}};
  define(graph.input);
}

LAMINA_FUNC Network OnnxBuilder::network() const {
  Network network;
  for (const AnyLayer<>& layer : layers_) std::visit([&](const auto& own) { network.push_back(own); }, layer);
  return network;
}

LAMINA_FUNC void OnnxBuilder::make_input_channels_last() {
  const auto& sample = graph().sample;
  here_.at = Shape<4>{{1, sample[0], sample[1], sample[2]}};
  here_.axes = Axes::channels_last;
  define(graph().input);
}

LAMINA_FUNC bool OnnxBuilder::select(std::string_view name) {
  const auto found = values_.find(name);
  if (found == values_.end()) return false;
  here_ = found->second;
  return true;
}

LAMINA_FUNC void OnnxBuilder::define(std::string_view name) {
  if (lost_) return;
  here_.shared = here_.shared || (!here_.name.empty() && uses(here_.name) > 1);
  here_.name = name;
  values_[name] = here_;
}

LAMINA_FUNC void OnnxBuilder::check_padding() const {
  if (is_padded()) throw DataError("is behind a separate padding; expects that right before a Conv or a pool (in PyTorch: padding = …)");
}

LAMINA_FUNC void OnnxBuilder::check_axes() const {
  check_padding();
  check_order();
}

LAMINA_FUNC void OnnxBuilder::check_order() const {
  if (here_.axes == Axes::channels_last) throw DataError("expects images (N, C, H, W) but they are (N, H, W, C) behind a Transpose");
  if (here_.axes != Axes::channels_first)
    throw DataError("expects images (N, C, H, W) but their channels are in groups behind a Reshape");
}

LAMINA_FUNC Shape<4> OnnxBuilder::images() {
  check_axes();
  if (here_.unflattens && here_.ones == 2 && is_alone()) {
    layers_.pop_back();
    here_.place = layers_.size();
    here_.at = Shape<4>{{1, 1, 1, features()}};
    here_.image.reset();
    here_.unflattens = false;
    here_.ones = 0;
    here_.shared = true;  // by what else takes the images
  }
  if (const auto* images = std::get_if<Shape<4>>(&here_.at)) return *images;
  throw DataError("expects images (N, C, H, W) but gets rows");
}

LAMINA_FUNC Shape<2> OnnxBuilder::rows() const {
  if (here_.ones > 0) throw DataError("expects rows (N, F) but gets them with further axes; put a Flatten before it");
  if (const auto* rows = std::get_if<Shape<2>>(&here_.at)) return *rows;
  throw DataError("expects rows (N, F) but gets images; put a Flatten before it");
}

LAMINA_FUNC std::vector<Index> OnnxBuilder::onnx_extents() const {
  std::vector<Index> extents{OnnxIntegers::batch};
  if (const auto* images = std::get_if<Shape<4>>(&here_.at)) {
    const auto [N, H_, W_, C] = *images;
    const Index H = H_ + here_.padding.top + here_.padding.bottom, W = W_ + here_.padding.left + here_.padding.right;
    const Index g = here_.groups;
    switch (here_.axes) {
      case Axes::channels_first: return {extents[0], C, H, W};
      case Axes::channels_last: return {extents[0], H, W, C};
      case Axes::groups: return {extents[0], g, C / g, H, W};
      case Axes::shuffled: return {extents[0], C / g, g, H, W};
    }
  } else {
    extents.push_back(std::get<Shape<2>>(here_.at)[1]);
    extents.insert(here_.axes == Axes::channels_last ? extents.end() - 1 : extents.end(), static_cast<std::size_t>(here_.ones), 1);
  }
  return extents;
}

LAMINA_FUNC Index OnnxBuilder::axis_here(Index axis) const {
  constexpr Index first[] = {0, 3, 1, 2};
  if (axis < 0) axis += 4;
  if (axis < 0 || axis > 3) return -1;
  if (here_.axes == Axes::channels_last) return axis;
  return first[static_cast<std::size_t>(axis)];
}

LAMINA_FUNC void OnnxBuilder::flatten() {
  if (lost_) return;
  if (here_.axes != Axes::channels_last) check_axes();
  here_.ones = 0;
  const auto* const images = std::get_if<Shape<4>>(&here_.at);
  const bool one_pixel = images && (*images)[1] == 1 && (*images)[2] == 1;
  push(Flatten{});
  here_.unflattens = one_pixel;
}

LAMINA_FUNC void OnnxBuilder::narrow(Index start, Index length) {
  if (lost_) return;
  if (!is_images() && is_reordered(here_.image))
    throw DataError("takes a part of rows that are the numbers of images in the order (c, h, w), which are (h, w, c) here; put it "
                    "before the Flatten");
  if (start != 0 || length != features()) push(Narrow{.start = start, .length = length});
}

LAMINA_FUNC bool OnnxBuilder::transpose(std::span<const Index> order) {
  constexpr Index to_last[] = {0, 2, 3, 1}, to_first[] = {0, 3, 1, 2}, turn[] = {0, 2, 1, 3, 4};
  if (lost_) return true;
  const bool four_axes = is_images() || here_.ones == 2;
  if (four_axes && here_.axes == Axes::channels_first && std::ranges::equal(order, to_last))
    here_.axes = Axes::channels_last;
  else if (four_axes && here_.axes == Axes::channels_last && std::ranges::equal(order, to_first))
    here_.axes = Axes::channels_first;
  else if (here_.axes == Axes::groups && std::ranges::equal(order, turn))
    here_.axes = Axes::shuffled;
  else
    return false;
  return true;
}

LAMINA_FUNC bool OnnxBuilder::regroup(std::span<const Index> extents) {
  if (!is_images()) {
    const bool last = std::ranges::equal(extents, std::vector<Index>{OnnxIntegers::batch, 1, 1, features()});
    const bool first = here_.ones == 2 && std::ranges::equal(extents, std::vector<Index>{OnnxIntegers::batch, features(), 1, 1});
    if (last) add_ones(2 - here_.ones, Axes::channels_last);
    if (first) here_.axes = Axes::channels_first;
    return last || first;
  }
  if (is_padded()) return false;
  const auto [N, H, W, C] = std::get<Shape<4>>(here_.at);
  const std::vector<Index> last{OnnxIntegers::batch, H, W, C};
  const bool moves = C == 1 || H * W == 1;  // the numbers stand in the same order
  const bool joins = std::ranges::equal(extents, std::vector<Index>{OnnxIntegers::batch, C, H, W});
  const bool parts = extents.size() == 5 && extents[1] * extents[2] == C && extents[3] == H && extents[4] == W;
  if (here_.axes == Axes::channels_first && moves && std::ranges::equal(extents, last)) {
    here_.axes = Axes::channels_last;
  } else if (here_.axes == Axes::channels_last && moves && joins) {
    here_.axes = Axes::channels_first;
  } else if (here_.axes == Axes::channels_first && parts) {
    here_.axes = Axes::groups;
    here_.groups = extents[1];
  } else if (here_.axes == Axes::groups && joins) {
    here_.axes = Axes::channels_first;
  } else if (here_.axes == Axes::shuffled && joins) {
    here_.axes = Axes::channels_first;
    push(ChannelShuffle{.groups = here_.groups});
  } else {
    return false;
  }
  return true;
}

LAMINA_FUNC void OnnxBuilder::pad(const Padding& padding, bool lowest) {
  if (lost_) return;
  if (here_.axes != Axes::channels_last) check_order();
  if (is_padded() && lowest != here_.lowest) check_padding();
  auto& own = here_.padding;
  own = Padding(own.top + padding.top, own.left + padding.left, own.bottom + padding.bottom, own.right + padding.right);
  if ((std::max)({own.top, own.left, own.bottom, own.right}) > Index{1} << 30) throw DataError("pads by more than 2^30 rows or columns");
  here_.lowest = lowest;
  here_.takes_bias = false;
}

LAMINA_FUNC Padding OnnxBuilder::take_padding(const ConvGeometry& slide, bool takes_largest) {
  if (lost_ || !is_padded()) return slide.padding;
  if (slide.ceils || (takes_largest ? !here_.lowest && !is_nonnegative() : here_.lowest)) check_padding();
  const Padding more = std::exchange(here_.padding, Padding(0));
  auto padded = images();
  padded[1] += more.top + more.bottom;
  padded[2] += more.left + more.right;
  slide.check("Pad", "window", padded);
  const Padding own = slide.padding_of(padded[1], padded[2]);
  return Padding(own.top + more.top, own.left + more.left, own.bottom + more.bottom, own.right + more.right);
}

LAMINA_FUNC bool OnnxBuilder::is_nonnegative() const {
  const auto is = [&]<typename L>(std::type_identity<L>) { return here_.place > 0 && std::holds_alternative<L>(layers_[here_.place - 1]); };
  return is(std::type_identity<ReLU>{}) || is(std::type_identity<ReLU6>{}) || is(std::type_identity<Sigmoid>{}) ||
         is(std::type_identity<HardSigmoid>{});
}

LAMINA_FUNC void OnnxBuilder::add_ones(Index count, Axes axes) {
  if (lost_) return;
  if (here_.ones == 0) rows();
  here_.axes = here_.ones + count == 2 ? axes : Axes::channels_first;
  here_.ones += count;
  if (here_.ones < 0 || here_.ones > 2) throw DataError("expects rows (N, C), as (N, C, 1, 1) at most");
  if (here_.ones > 0 && is_reordered(here_.image)) throw DataError("expects one number for each channel, not the numbers of images");
}

LAMINA_FUNC void OnnxBuilder::subsample(Size2D stride, Index channels) {
  if (lost_) return;
  images();
  const auto* const last = is_alone() ? std::get_if<Subsample>(&layers_.back()) : nullptr;
  const bool joins = last && last->channels == 0;
  const Size2D before = joins ? last->stride : Size2D(1);
  push(Subsample{.stride = stride, .channels = channels});
  if (!joins) return;
  layers_.pop_back();
  layers_.back() = Subsample{.stride = {before.height * stride.height, before.width * stride.width}, .channels = channels};
  here_.place = layers_.size();
}

LAMINA_FUNC void OnnxBuilder::go_here() {
  const std::size_t more = here_.place == layers_.size() ? 1 : 2;
  if (layers_.size() + more > most_layers_)
    throw DataError(str_cat("exceeds the ", most_layers_, " layers that the limits allow"));
  if (more == 2) layers_.push_back(From(static_cast<Index>(layers_.size() - here_.place)));
}

LAMINA_FUNC void OnnxBuilder::put(AnyLayer<> layer, Value next) {
  go_here();
  layers_.push_back(std::move(layer));
  here_ = std::move(next);
  here_.place = layers_.size();
  here_.shared = false;
  here_.unflattens = false;
  here_.name = {};
}

template <typename L>
[[gnu::cold]] void OnnxBuilder::merge(std::span<const std::string_view> names) {
  if (lost_) return;
  std::vector<Value> values;
  std::vector<std::span<const Index>> extents;
  values.reserve(names.size());
  for (const std::string_view name : names) {
    const auto found = values_.find(name);
    if (found == values_.end()) throw DataError(str_cat("takes ", quoted(name), ", which no node before it makes"));
    values.push_back(found->second);
  }
  bool images = false, reordered = false;
  for (const Value& value : values) {
    here_ = value;
    if (here_.axes != Axes::channels_last) check_axes();
    check_padding();
    if (here_.axes != values[0].axes) throw DataError("expects values (N, C, H, W), or (N, H, W, C), all of them");
    extents.push_back(std::visit([](const auto& own) { return std::span<const Index>(own.extents); }, value.at));
    images = images || extents.back().size() == 4;
    reordered = reordered || (is_reordered(value.image) && (L::merge == Merge::concat || value.image != values[0].image)) ||
                (is_reordered(values[0].image) && value.image != values[0].image);
  }
  if (reordered)
    throw DataError("takes rows that are the numbers of images in the order (c, h, w), which are (h, w, c) here, with others; put "
                    "it before the Flatten");
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool factor = images && extents[i].size() == 2;
    if (values[i].ones != (factor ? 2 : images ? 0 : values[0].ones))
      throw DataError("expects values of as many axes each, or one number for each channel as (N, C, 1, 1)");
  }
  const std::vector<Index> made = merged_extents(L::merge, extents);
  Value next = values.back();
  next.takes_bias = false;
  if (made.size() == 4) {
    next.at = Shape<4>{{made[0], made[1], made[2], made[3]}};
    next.ones = 0;
  } else {
    next.at = Shape<2>{{made[0], made[1]}};
    next.image = L::merge == Merge::concat ? std::nullopt : values[0].image;
  }
  here_ = values.back();
  if (here_.place != layers_.size()) {
    go_here();
    here_.place = layers_.size();
  }
  std::vector<Index> back;
  for (std::size_t i = 0; i + 1 < values.size(); ++i) back.push_back(static_cast<Index>(layers_.size() - values[i].place));
  if constexpr (L::merge == Merge::concat)
    put(L(std::move(back)), next);
  else
    put(L(back.at(0)), next);
}

LAMINA_FUNC void OnnxBuilder::push(const Conv& conv, const OnnxTensor& weight, const OnnxTensor* bias) {
  if (lost_) return;
  const auto in = images();
  if (conv.groups < 1 || conv.groups > in[3] || weight.dims[1] != in[3] / conv.groups)
    throw DataError(str_cat("expects weights ", quoted(weight.name), " for images of ", in[3], " channels",
                            conv.groups == 1 ? std::string() : str_cat(" in ", conv.groups, " groups"), " but got ",
                            weight.shape_text()));
  const Shape<4> here{{conv.kernel.height, conv.kernel.width, weight.dims[1], conv.filters}};
  append(conv, None{});
  sources_.push_back({&weight, file_layout(conv, here, {})});
  if (conv.bias) sources_.push_back(bias_of(bias, conv.filters));
  here_.takes_bias = !conv.bias;
}

LAMINA_FUNC void OnnxBuilder::push(const ConvTranspose& conv, const OnnxTensor& weight, const OnnxTensor* bias) {
  if (lost_) return;
  const auto in = images();
  if (weight.dims[0] != in[3])
    throw DataError(str_cat("expects weights ", quoted(weight.name), " for images of ", in[3], " channels but got ", weight.shape_text()));
  const Shape<4> here{{conv.kernel.height, conv.kernel.width, weight.dims[1], in[3]}};
  append(conv, None{});
  sources_.push_back({&weight, file_layout(conv, here, {})});
  if (conv.bias) sources_.push_back(bias_of(bias, conv.filters));
  here_.takes_bias = !conv.bias;
}

LAMINA_FUNC void OnnxBuilder::push_pixelwise(const OnnxTensor& weight) {
  if (lost_) return;
  check_padding();
  const Index C = features(), K = weight.dims[1];
  if (weight.dims[0] != C)
    throw DataError(str_cat("expects weights ", quoted(weight.name), " for images of ", C, " channels but got ", weight.shape_text()));
  append(Conv{.filters = K, .kernel = 1, .bias = false}, None{});
  if (weight.is_transposed)
    sources_.push_back({&weight, {{K, C}, {C, K}, {1, 0}}});
  else
    sources_.push_back({&weight, {{C, K}, {C, K}, {0, 1}}});
  here_.takes_bias = true;
}

LAMINA_FUNC void OnnxBuilder::push(const Dense& dense, const OnnxTensor& weight, const OnnxTensor* bias,
                                   bool transposed) {
  if (lost_) return;
  const Index F = rows()[1];
  if (weight.dims[transposed ? 0 : 1] != F)
    throw DataError(str_cat("expects weights ", quoted(weight.name), " for rows of ", F, " features but got ",
                            weight.shape_text()));
  FileLayout layout = file_layout(dense, Shape<2>{{dense.units, F}}, here_.image);
  if (transposed != weight.is_transposed) {
    std::swap(layout.shape[0], layout.shape[1]);
    std::rotate(layout.order.begin(), layout.order.begin() + 1, layout.order.end());
  }
  append(dense, None{});
  here_.image.reset();
  sources_.push_back({&weight, std::move(layout)});
  if (dense.bias) sources_.push_back(bias_of(bias, dense.units));
  here_.takes_bias = !dense.bias;
}

LAMINA_FUNC void OnnxBuilder::push(const BatchNorm& norm, std::span<const OnnxTensor* const, 4> tensors) {
  if (lost_) return;
  check_axes();
  const Index C = std::visit([](const auto& extents) { return extents[extents.rank - 1]; }, here_.at);
  const FileLayout layout = feature_layout(Shape<1>{{C}}, here_.image);
  for (const OnnxTensor* tensor : tensors) {
    if (!tensor->is_real() || tensor->dims.size() != 1 || tensor->dims[0] != C)
      throw DataError(str_cat("expects ", C, " real numbers for its channels but got ", quoted(tensor->name), " ",
                              tensor->shape_text()));
    sources_.push_back({tensor, layout});
  }
  append(norm, None{});
  here_.takes_bias = false;
}

LAMINA_FUNC FileLayout OnnxBuilder::features_of(const OnnxTensor* tensor, Index size) const {
  const FileLayout layout = feature_layout(Shape<1>{{size}}, here_.image);
  if (!tensor) return layout;
  if (tensor->count() == size) check_constant(*tensor);
  if (tensor->count() != size)
    throw DataError(str_cat("expects ", size, " real numbers for its channels but got ", quoted(tensor->name), " ",
                            tensor->shape_text()));
  return layout;
}

LAMINA_FUNC void OnnxBuilder::check_constant(const OnnxTensor& constant) const {
  if (here_.axes != Axes::channels_last) check_axes();
  const auto& dims = constant.dims;
  const std::size_t axes = onnx_extents().size(), channels = here_.axes == Axes::channels_last ? axes - 1 : 1;
  bool fits = constant.is_real() && dims.size() <= axes;
  for (std::size_t i = 0; fits && i < dims.size(); ++i)
    fits = dims[i] == 1 || (i + axes - dims.size() == channels && dims[i] == features());
  if (!fits)
    throw DataError(str_cat("expects one real number, or one for each of ", features(), is_images() ? " channels" : " features", " (",
                            is_images() && here_.axes != Axes::channels_last ? "C, 1, 1" : is_images() ? "C" : "F", "), but got ",
                            quoted(constant.name), " ", constant.shape_text()));
}

LAMINA_FUNC void OnnxBuilder::apply_constant(std::string_view op, const OnnxTensor& constant) {
  if (lost_) return;
  check_padding();
  check_constant(constant);
  const Index C = features();
  if (here_.takes_bias && op == "Add" && constant.count() == C && is_alone()) {
    sources_.push_back({&constant, file_layout(None{}, Shape<1>{{C}}, {})});
    if (auto* const dense = std::get_if<ListedDense>(&layers_.back())) dense->bias = true;
    if (auto* const conv = std::get_if<ListedConv>(&layers_.back())) conv->bias = true;
    if (auto* const conv = std::get_if<ListedConvTranspose>(&layers_.back())) conv->bias = true;
    here_.takes_bias = false;
    return;
  }
  using Role = Source::Role;
  if (scaled_ == layers_.size() && scaled_ > 0 && is_alone()) {
    const auto own = std::span(sources_).last(is_images() ? 2 : 4);
    if (own[0].steps.size() < most_steps) {
      for (Source& source : own.first(2)) source.steps.push_back({op, &constant});
      return;
    }
  }
  const FileLayout layout = feature_layout(Shape<1>{{C}}, here_.image);
  const std::vector<Step> steps{{op, &constant}};
  for (const Role role : {Role::scale, Role::shift}) sources_.push_back({nullptr, layout, role, steps});
  if (is_images()) {
    append(Conv{.filters = C, .kernel = 1, .groups = C}, None{});
  } else {
    sources_.push_back({nullptr, layout});  // the mean is 0, and the variance 1, to which this epsilon adds nothing
    sources_.push_back({nullptr, layout, Role::ones});
    append(BatchNorm{.epsilon = 1e-30}, None{});
  }
  here_.takes_bias = false;
  scaled_ = layers_.size();
}

LAMINA_FUNC void OnnxBuilder::check_end() const {
  if (layers_.empty()) throw DataError("has no layer");
  if (here_.place != layers_.size())
    throw DataError(str_cat("its output ", quoted(graph().output), " is not what its last layer makes"));
  if (here_.axes != Axes::channels_last) check_axes();
  check_padding();
  if (here_.ones > 0) throw DataError("ends with rows of further axes, (N, C, 1, 1); put a Flatten at its end");
  if (is_reordered(here_.image))
    throw DataError(
        "ends with the numbers of images in the order (c, h, w), which are (h, w, c) here; put a Transpose "
        "(perm 0, 2, 3, 1) before its Flatten, or a Gemm behind it");
}

LAMINA_FUNC OnnxBuilder::Source OnnxBuilder::bias_of(const OnnxTensor* bias, Index size) {
  const Source source{bias, file_layout(None{}, Shape<1>{{size}}, {})};
  if (!bias) return source;
  const auto& dims = bias->dims;
  if (!bias->is_real() || dims.empty() || dims.size() > 2 || dims.back() != size ||
      dims[0] != (dims.size() == 2 ? 1 : size))
    throw DataError(
        str_cat("expects ", size, " real numbers as its bias but got ", quoted(bias->name), " ", bias->shape_text()));
  return source;
}

LAMINA_FUNC std::vector<double> onnx_channels(const OnnxBuilder::Source& source, Index C) {
  const auto size = static_cast<std::size_t>(C);
  std::vector<double> scale(size, 1), shift(size, 0), numbers;
  for (const auto& [op, constant] : source.steps) {
    numbers.resize(static_cast<std::size_t>(constant->count()));
    read_numbers_of<double>(onnx_type(constant->type)->dtype, file_layout(None{}, Shape<1>{{constant->count()}}, {}), constant->bytes().data(),
                            numbers.data());
    for (std::size_t c = 0; c < size; ++c) {
      const double number = numbers[numbers.size() == 1 ? 0 : c];
      if (op == "Add") shift[c] += number;
      if (op == "Sub") shift[c] -= number;
      if (op == "From") scale[c] = -scale[c], shift[c] = number - shift[c];
      if (op == "Mul") scale[c] *= number, shift[c] *= number;
      if (op == "Div") scale[c] /= number, shift[c] /= number;
      if (!(std::abs(scale[c]) <= 3.4e38 && std::abs(shift[c]) <= 3.4e38))
        throw DataError(str_cat(quoted(constant->name), ": makes numbers that are too large, or none: ", op, " by ", number));
    }
  }
  return source.role == OnnxBuilder::Source::Role::scale ? scale : shift;
}

}  // namespace lamina::detail
