#pragma once

#include "../onnx_operators.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "../../core/text.hpp"
#include "../stored_tensors.hpp"

namespace LAMINA_NAMESPACE::detail {

/// Returns whether images are (N, H, W, C) in the file.
[[gnu::cold]] inline bool is_channels_last(const OnnxBuilder& built) { return built.axes() == OnnxBuilder::Axes::channels_last; }

/// Returns the number that an axis of the file has here, in rows (N, F) or images (N, H, W, C).
[[gnu::cold]] inline Index onnx_axis(const OnnxBuilder& built, Index axis) {
  Index own = -1;
  if (built.is_images()) {
    if (!is_channels_last(built)) built.check_axes();
    own = built.axis_here(axis);
  } else {
    built.rows();
    own = axis < 0 ? axis + 2 : axis;
  }
  if (own < 0 || own >= built.rank()) throw DataError(str_cat("has axis ", axis, ", which its input does not have"));
  return own;
}

LAMINA_FUNC void read_onnx_gemm(OnnxCall& call, OnnxBuilder& built) {
  const OnnxTensor& weight = onnx_weights(built, call, 2);
  const OnnxTensor* bias = onnx_constant(built, call, 2);
  const bool transposed = call.whole("transB", 0) == 0;
  if (call.whole("transA", 0) != 0) throw DataError("transposes its rows (transA 1); expects transA 0");
  if (call.real("alpha", 1) != 1 || (call.real("beta", 1) != 1 && bias))
    throw DataError("scales its terms (alpha, beta); expects 1 for both");
  built.push(Dense{.units = weight.dims[transposed ? 1 : 0], .bias = bias != nullptr}, weight, bias, transposed);
}

LAMINA_FUNC void read_onnx_mat_mul(OnnxCall& call, OnnxBuilder& built) {
  const OnnxTensor& weight = onnx_weights(built, call, 2);
  if (!built.is_lost() && built.is_images() && is_channels_last(built)) return built.push_pixelwise(weight);
  built.push(Dense{.units = weight.dims[1], .bias = false}, weight, nullptr, true);
}

/// Applies a constant, if one of the two inputs is one. Returns whether it is.
[[gnu::cold]] inline bool apply_onnx_constant(OnnxCall& call, OnnxBuilder& built) {
  if (call.inputs.size() != 2) throw DataError(str_cat("has ", call.inputs.size(), " inputs; expects 2"));
  const std::size_t at = built.is_constant(call.input(0)) ? 0 : 1;
  if (!built.is_constant(call.input(at))) return false;
  const OnnxTensor* const constant = onnx_constant(built, call, at);
  if (!constant || !constant->is_real()) throw DataError("computes with whole numbers");
  const bool from = call.op == "Sub" && at == 0;
  if (call.op == "Div" && at == 0) throw DataError("divides a constant by a value");
  built.select(call.input(1 - at));
  const auto number = onnx_number(constant);
  if (!from && number && *number == (call.op == "Mul" || call.op == "Div" ? 1 : 0)) return true;
  built.apply_constant(from ? "From" : call.op, *constant);
  return true;
}

LAMINA_FUNC void read_onnx_add(OnnxCall& call, OnnxBuilder& built) {
  if (!apply_onnx_constant(call, built)) built.merge<ListedAdd>(call.inputs);
}

LAMINA_FUNC void read_onnx_mul(OnnxCall& call, OnnxBuilder& built) {
  if (!apply_onnx_constant(call, built)) built.merge<ListedMul>(call.inputs);
}

LAMINA_FUNC void read_onnx_constant_second(OnnxCall& call, OnnxBuilder& built) {
  if (!apply_onnx_constant(call, built)) throw DataError("takes two values that nodes make; expects a constant as one of them");
}

LAMINA_FUNC void read_onnx_cast(OnnxCall& call, OnnxBuilder&) {
  call.whole("saturate", 1);
  if (const Index to = call.whole("to", 0); to != 1 && to != 11) throw DataError(str_cat("makes numbers of the type ", to, " of ONNX; expects FLOAT or DOUBLE, 1 or 11"));
}

LAMINA_FUNC void read_onnx_concat(OnnxCall& call, OnnxBuilder& built) {
  const Index axis = call.whole("axis", 1);
  if (built.is_lost()) return;
  if (onnx_axis(built, axis) != built.rank() - 1) throw DataError(str_cat("has axis ", axis, "; expects 1, the channels or features"));
  if (call.inputs.size() > 1) built.merge<ListedConcat>(call.inputs);
}

LAMINA_FUNC void read_onnx_batch_normalization(OnnxCall& call, OnnxBuilder& built) {
  BatchNorm norm{.momentum = 1 - call.real("momentum", 0.9), .epsilon = call.real("epsilon", 1e-5)};
  if (call.whole("training_mode", 0) != 0 || call.whole("spatial", 1) != 1 || call.outputs.size() > 1)
    throw DataError("is in training mode; expects a network at inference (in PyTorch: model.eval())");
  const OnnxTensor* tensors[4];
  for (std::size_t i = 0; i < 4; ++i) {
    tensors[i] = onnx_constant(built, call, i + 1);
    if (!tensors[i]) throw DataError("has no constant scale, bias, mean and variance");
  }
  built.push(norm, tensors);
}

LAMINA_FUNC void read_onnx_clip(OnnxCall& call, OnnxBuilder& built) {
  constexpr double none = std::numeric_limits<double>::infinity();
  // Before opset 11 they were attributes.
  const auto bound = [&](std::size_t i, const char* attribute, double otherwise) {
    if (call.input(i).empty()) return call.real(attribute, otherwise);
    const auto number = onnx_number(onnx_constant(built, call, i));
    if (!number) throw DataError(str_cat("expects a constant number as its ", attribute));
    return *number;
  };
  const double least = bound(1, "min", -none), most = bound(2, "max", none);
  if (least == 0 && most == 6) return built.push(ReLU6{});
  if (least == 0 && most > 3e38) return built.push(ReLU{});
  throw DataError(str_cat("is between ", least, " and ", most, "; expects 0 and 6, or 0 and no bound"));
}

LAMINA_FUNC void read_onnx_hard_sigmoid(OnnxCall& call, OnnxBuilder& built) {
  const double alpha = call.real("alpha", 0.2), beta = call.real("beta", 0.5);
  if (std::abs(alpha - 1. / 6) > 1e-6 || beta != 0.5)
    throw DataError(str_cat("has alpha ", alpha, " and beta ", beta, "; expects 1/6 and 0.5"));
  built.push(HardSigmoid{});
}

LAMINA_FUNC void read_onnx_gelu(OnnxCall& call, OnnxBuilder& built) {
  const std::string_view approximate = call.text("approximate", "none");
  if (approximate != "none" && approximate != "tanh")
    throw DataError(str_cat("has approximate ", quoted(approximate), "; expects none or tanh"));
  built.push(GELU{.approximate = approximate == "tanh"});
}

LAMINA_FUNC void read_onnx_prelu(OnnxCall& call, OnnxBuilder& built) {
  const OnnxTensor* slope = onnx_constant(built, call, 1);
  if (!slope) throw DataError("has no constant slope");
  if (!built.is_lost()) built.check_axes();
  const Index count = slope->count();
  built.push_features(PReLU{.num_parameters = count}, std::span(&slope, 1), count);
}

LAMINA_FUNC void read_onnx_layer_normalization(OnnxCall& call, OnnxBuilder& built) {
  const LayerNorm norm{.epsilon = call.real("epsilon", 1e-5)};
  const Index axis = call.whole("axis", -1);
  call.whole("stash_type", 1);
  if (built.is_lost()) return;
  if (axis != -1 && axis != built.rank() - 1) throw DataError(str_cat("has axis ", axis, "; expects the last, -1"));
  if (!built.is_images())
    built.rows();
  else if (!is_channels_last(built))
    throw DataError("normalises the rows of images (N, C, H, W); expects images (N, H, W, C), behind a Transpose");
  const OnnxTensor* tensors[] = {onnx_constant(built, call, 1), onnx_constant(built, call, 2)};
  if (!tensors[0]) throw DataError("has no constant scale");
  if (!built.is_lost()) built.push_features(norm, tensors, built.features());
}

LAMINA_FUNC void read_onnx_softmax(OnnxCall& call, OnnxBuilder& built) {
  const Index axis = call.whole("axis", -1);  // before opset 13 the default was 1, which is the same for rows
  if (axis != 1 && axis != -1) throw DataError(str_cat("has axis ", axis, "; expects the last of rows, 1 or -1"));
  if (!built.is_lost() && !built.is_images()) built.rows();
  built.push(Softmax{});
}

LAMINA_FUNC void read_onnx_flatten(OnnxCall& call, OnnxBuilder& built) {
  const Index axis = call.whole("axis", 1);
  if (!built.is_lost() && axis != 1 && axis != 1 - built.rank())
    throw DataError(str_cat("has axis ", axis, "; expects 1, which leaves the samples apart"));
  built.flatten();
}

/// Returns what extents mean for a value of these extents; no number where they mean nothing.
[[gnu::cold]] inline std::vector<Index> onnx_reshaped(std::vector<Index> to, const std::vector<Index>& from, bool zero_is_zero,
                                                      Index batch, Index numbers) {
  if (to.empty()) return {};
  std::size_t free = to.size();
  Index known = 1;
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (to[i] == 0 && !zero_is_zero && i < from.size()) to[i] = from[i];
    if (i == 0 && batch > 0 && to[i] == batch) to[i] = OnnxIntegers::batch;
    if (to[i] == -1 && free == to.size())
      free = i;
    else if (i > 0 && (to[i] < 1 || to[i] > numbers))
      return {};
    else if (i > 0)
      known *= to[i];
    if (known > numbers) return {};
  }
  if (free < to.size()) to[free] = free == 0 ? OnnxIntegers::batch : numbers % known == 0 ? numbers / known : 0;
  if (free > 0 && free < to.size()) known *= to[free];
  return to[0] == OnnxIntegers::batch && known == numbers ? to : std::vector<Index>();
}

LAMINA_FUNC void read_onnx_reshape(OnnxCall& call, OnnxBuilder& built) {
  const OnnxTensor* tensor = onnx_constant(built, call, 1);
  const auto given = built.integers(call.input(1));
  if (!tensor && !given) throw DataError("has no extents");
  const std::vector<Index> asked = tensor ? tensor->extents() : given->numbers;
  const bool zero_is_zero = call.whole("allowzero", 0) != 0;
  if (built.is_lost()) return;
  const auto from = built.onnx_extents();
  const auto to = onnx_reshaped(asked, from, zero_is_zero, built.graph().batch, built.numbers());
  if (to == from || built.regroup(to)) return;
  const bool one_pixel = from.size() == 4 && from[2] == 1 && from[3] == 1;
  const bool ones = to.size() > 2 && to.size() <= 4 && std::all_of(to.begin() + 2, to.end(), [](Index extent) { return extent == 1; });
  if (to.size() == 2 || (ones && (one_pixel || !built.is_images()))) {
    if (built.is_images())
      built.flatten();
    else
      built.add_ones(2 - std::ssize(from));
    return built.add_ones(std::ssize(to) - 2);
  }
  std::vector<Index> shown = asked;
  std::replace(shown.begin(), shown.end(), OnnxIntegers::batch, Index{-1});
  throw DataError(str_cat("makes ", format_shape(shown), "; expects a row of each sample, (0, -1) or (-1, ",
                          built.numbers(), ")"));
}

/// Returns the axes that a node names, an input from some opset on and an attribute before, counted from the front.
[[gnu::cold]] inline std::vector<Index> onnx_axes(OnnxCall& call, const OnnxBuilder& built, Index rank) {
  const auto given = built.integers(call.input(1));
  std::vector<Index> axes = given ? given->numbers : call.whole_list("axes");
  for (Index& axis : axes) axis += axis < 0 ? rank : 0;
  std::sort(axes.begin(), axes.end());
  return axes;
}

LAMINA_FUNC void read_onnx_squeeze(OnnxCall& call, OnnxBuilder& built) {
  const auto from = built.onnx_extents();
  const auto axes = onnx_axes(call, built, std::ssize(from));
  if (built.is_lost()) return;
  const bool last = is_channels_last(built);  // (N, 1, 1, C), which loses both at once
  const bool ones = std::all_of(axes.begin(), axes.end(), [&](Index axis) {
    return axis >= (last ? 1 : 2) && axis < std::ssize(from) - last && from[static_cast<std::size_t>(axis)] == 1;
  });
  if (axes.empty() || !ones || (last && axes.size() != 2) || (built.is_images() && built.numbers() != built.features()))
    throw DataError("expects to take away axes 2 and 3 of (N, C, 1, 1)");
  if (built.is_images()) {
    built.flatten();
    built.add_ones(2);
  }
  built.add_ones(-std::ssize(axes));
}

LAMINA_FUNC void read_onnx_unsqueeze(OnnxCall& call, OnnxBuilder& built) {
  const auto given = built.integers(call.input(1));
  const auto count = given ? std::ssize(given->numbers) : 1;
  const auto axes = onnx_axes(call, built, std::ssize(built.onnx_extents()) + count);
  if (built.is_lost()) return;
  const bool last = axes == std::vector<Index>{1, 2};
  if (built.is_images() || axes.empty() || (axes[0] < 2 && !last)) throw DataError("expects rows (N, C), and axes 2 and 3");
  if (last) built.rows();
  built.add_ones(std::ssize(axes), last ? OnnxBuilder::Axes::channels_last : OnnxBuilder::Axes::channels_first);
}

LAMINA_FUNC void read_onnx_reduction(OnnxCall& call, OnnxBuilder& built) {
  const bool keeps = call.whole("keepdims", 1) != 0;
  call.whole("noop_with_empty_axes", 0);
  const auto axes = onnx_axes(call, built, 4);
  if (built.is_lost()) return;
  const bool last = is_channels_last(built);
  if (axes != (last ? std::vector<Index>{1, 2} : std::vector<Index>{2, 3})) throw DataError("expects axes 2, 3, height and width");
  if (!last) built.images();
  if (!built.is_images()) throw DataError("expects images (N, C, H, W) but gets rows");
  if (call.op == "ReduceMax")
    built.push(GlobalMaxPool{});
  else
    built.push(GlobalAveragePool{});
  if (!keeps) built.flatten();
}

LAMINA_FUNC void read_onnx_slice(OnnxCall& call, OnnxBuilder& built) {
  const bool inputs = call.inputs.size() > 1;
  const auto list = [&](std::size_t i, std::string_view attribute) {
    if (!inputs) return call.whole_list(attribute);
    const auto given = built.integers(call.input(i));
    if (!given && !call.input(i).empty()) throw DataError(str_cat("expects whole numbers as its ", attribute));
    return given ? given->numbers : std::vector<Index>();
  };
  const auto starts = list(1, "starts"), ends = list(2, "ends");
  auto axes = list(3, "axes"), steps = list(4, "steps");
  if (built.is_lost()) return;
  const auto extents = built.onnx_extents();
  if (axes.empty())
    for (std::size_t i = 0; i < starts.size(); ++i) axes.push_back(static_cast<Index>(i));
  steps.resize(axes.size(), 1);
  if (starts.size() != axes.size() || ends.size() != axes.size()) throw DataError("has other numbers of starts, ends and axes");
  Size2D stride = 1;
  bool seen[4] = {};
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const Index axis = onnx_axis(built, axes[i]);
    if (std::exchange(seen[axis], true)) throw DataError("names an axis twice");
    const Index extent = axis == 0 ? Index{1} << 30 : extents[static_cast<std::size_t>(axes[i] + (axes[i] < 0 ? std::ssize(extents) : 0))];
    const auto place = [&](Index at) { return std::clamp(at < 0 ? at + extent : at, Index{0}, extent); };
    const Index start = place(starts[i]), end = place(ends[i]);
    const bool all_samples = starts[i] == 0 && (ends[i] >= extent || ends[i] == OnnxIntegers::batch);
    const bool whole = axis == 0 ? all_samples : start == 0 && end == extent, channels = axis == built.rank() - 1;
    if ((!whole && !channels) || steps[i] < 1 || ((axis == 0 || channels) && steps[i] != 1) || (axis > 0 && start >= end))
      throw DataError("takes a part of its images; expects every so many rows and columns of all, [:, :, ::2, ::2], or channels, [:, 2:8]");
    if (channels) built.narrow(start, end - start);
    if (!channels && axis > 0) (axis == 1 ? stride.height : stride.width) *= (std::min)(steps[i], extent);
  }
  if (stride != Size2D(1)) built.subsample(stride, 0);
}

LAMINA_FUNC void read_onnx_split(OnnxCall& call, OnnxBuilder& built) {
  const auto given = built.integers(call.input(1));
  if (!given && !call.input(1).empty()) throw DataError("expects whole numbers as its split");
  auto parts = given ? given->numbers : call.whole_list("split");
  const Index axis = call.whole("axis", 0), count = std::ssize(call.outputs);
  if (call.whole("num_outputs", count) != count) throw DataError("has another number of outputs than num_outputs");
  if (built.is_lost()) return;
  if (onnx_axis(built, axis) != built.rank() - 1) throw DataError(str_cat("has axis ", axis, "; expects 1, the channels or features"));
  const bool given_parts = !parts.empty();
  const Index C = built.features(), most = (C + count - 1) / count;  // the last part is smaller where they are not the same
  for (Index i = 0; i < count && !given_parts; ++i) parts.push_back((std::min)(most, C - i * most));
  Index start = 0;
  for (std::size_t i = 0; i < parts.size(); start += parts[i], ++i)
    if (parts[i] < 1 || parts[i] > C - start || std::ssize(parts) != count)
      throw DataError(str_cat("has parts that are not the ", C, " channels or features of its input, one for each output"));
  if (start != C) throw DataError(str_cat("has parts of ", start, " channels or features; expects ", C, " in all"));
  start = 0;
  for (std::size_t i = 0; i < parts.size(); start += parts[i], ++i) {
    if (built.uses(call.outputs[i]) == 0) continue;  // nothing needs it
    built.select(call.input(0));
    built.narrow(start, parts[i]);
    built.define(call.outputs[i]);
  }
  built.select(call.outputs[0]);
}

/// Returns the factors of a Resize along the axes that it names: numbers that stand there, or how much larger the sizes are.
[[gnu::cold]] inline std::vector<double> onnx_scales(OnnxCall& call, const OnnxBuilder& built, const std::vector<Index>& extents, const std::vector<Index>& axes) {
  const bool has_region = call.op == "Resize" && built.graph().opset >= 11;
  const std::size_t at = has_region ? 2 : 1;
  std::vector<double> scales = call.real_list("scales");
  if (const OnnxTensor* tensor = onnx_constant(built, call, at); tensor && tensor->is_real() && tensor->count() <= 4) {
    scales.resize(static_cast<std::size_t>(tensor->count()));
    read_numbers_of<double>(onnx_type(tensor->type)->dtype, file_layout(None{}, Shape<1>{{tensor->count()}}, {}), tensor->bytes().data(), scales.data());
  }
  const auto sizes = has_region ? built.integers(call.input(3)) : std::nullopt;
  for (std::size_t i = 0; sizes && scales.empty() && i < axes.size() && axes.size() == sizes->numbers.size(); ++i)
    if (axes[i] == 0 && sizes->numbers[i] != OnnxIntegers::batch && sizes->numbers[i] != built.graph().batch) return {};
  if (sizes && scales.empty() && sizes->numbers.size() == axes.size())
    for (std::size_t i = 0; i < axes.size(); ++i)
      scales.push_back(axes[i] == 0 ? 1 : static_cast<double>(sizes->numbers[i]) / static_cast<double>(extents[static_cast<std::size_t>(axes[i])]));
  return scales;
}

LAMINA_FUNC void read_onnx_resize(OnnxCall& call, OnnxBuilder& built) {
  const bool old = built.graph().opset < 11;  // asymmetric and rounded down
  const std::string_view mode = call.text("mode", "nearest"), rounding = call.text("nearest_mode", old ? "floor" : "round_prefer_floor"),
                         places = call.text("coordinate_transformation_mode", old ? "asymmetric" : "half_pixel");
  std::vector<Index> axes = call.whole_list("axes");
  const std::string_view policy = call.text("keep_aspect_ratio_policy", "stretch");
  const bool plain = call.whole("antialias", 0) == 0 && call.whole("exclude_outside", 0) == 0 && policy == "stretch";
  call.real("cubic_coeff_a", 0);  // of other modes
  call.real("extrapolation_value", 0);
  if (built.is_lost()) return;
  if (!is_channels_last(built)) built.images();
  const auto extents = built.onnx_extents();
  if (axes.empty()) axes = {0, 1, 2, 3};
  for (Index& axis : axes) {
    onnx_axis(built, axis);  // refuses one that is not there
    axis += axis < 0 ? 4 : 0;
  }
  const auto scales = onnx_scales(call, built, extents, axes);
  // Of whole factors, the pixels that are nearest to the centres are those below p / s.
  const bool centres = places == "half_pixel" || places == "pytorch_half_pixel";
  const bool nearest = mode == "nearest" && ((places == "asymmetric" && rounding == "floor") || (centres && rounding.starts_with("round_prefer")));
  if (!plain || !(nearest || ((mode == "linear" || mode == "bilinear") && centres)))
    throw DataError(str_cat("is of the mode ", quoted(mode), " with ", quoted(places), " and ", quoted(rounding),
                            "; expects nearest with asymmetric and floor, or linear with half_pixel"));
  Upsample upsample{.scale_factor = 1, .bilinear = !nearest};
  bool seen[4] = {}, fits = scales.size() == axes.size();
  for (std::size_t i = 0; fits && i < axes.size(); ++i) {
    const Index axis = onnx_axis(built, axes[i]);
    fits = !std::exchange(seen[axis], true) && scales[i] >= 1 && scales[i] <= 65536 && scales[i] == std::floor(scales[i]) && (axis == 1 || axis == 2 || scales[i] == 1);
    if (fits && axis == 1) upsample.scale_factor.height = static_cast<Index>(scales[i]);
    if (fits && axis == 2) upsample.scale_factor.width = static_cast<Index>(scales[i]);
  }
  if (!fits) throw DataError("expects constant whole factors, of height and width alone");
  if (upsample.scale_factor != Size2D(1)) built.push(upsample);
}

LAMINA_FUNC void read_onnx_transpose(OnnxCall& call, OnnxBuilder& built) {
  if (!built.transpose(call.whole_list("perm")))
    throw DataError("expects perm 0, 2, 3, 1, or 0, 3, 1, 2 behind that, or that of a channel shuffle");
}

LAMINA_FUNC void read_onnx_dropout(OnnxCall& call, OnnxBuilder& built) {
  double rate = call.real("ratio", 0.5);
  call.whole("seed", 0);
  if (const OnnxTensor* ratio = onnx_constant(built, call, 1)) {
    if (!ratio->is_real() || ratio->count() != 1)
      throw DataError(str_cat("expects one real number as its ratio but got ", quoted(ratio->name)));
    rate = onnx_number(ratio).value();
  }
  built.push(Dropout{.rate = rate});
}

LAMINA_FUNC void read_onnx_pad(OnnxCall& call, OnnxBuilder& built) {
  const OnnxTensor* tensor = onnx_constant(built, call, 1);
  const auto given = built.integers(call.input(1));
  auto pads = tensor ? tensor->extents() : given ? given->numbers : call.whole_list("pads");
  const std::string_view mode = call.text("mode", "constant");
  double value = call.real("value", 0);
  if (!call.input(2).empty()) {
    const auto number = onnx_number(onnx_constant(built, call, 2));
    if (!number) throw DataError("expects a constant number as its padding");
    value = *number;
  }
  if (const auto axes = built.integers(call.input(3))) {
    std::vector<Index> all(8, 0);
    bool seen[4] = {};
    for (std::size_t i = 0; i < axes->numbers.size() && 2 * axes->numbers.size() == pads.size(); ++i) {
      const Index axis = axes->numbers[i] + (axes->numbers[i] < 0 ? 4 : 0);
      if (axis < 0 || axis > 3 || std::exchange(seen[axis], true)) throw DataError("pads along an axis that images do not have");
      all[static_cast<std::size_t>(axis)] = pads[i];
      all[static_cast<std::size_t>(axis) + 4] = pads[i + axes->numbers.size()];
    }
    pads = std::move(all);
  }
  if (std::all_of(pads.begin(), pads.end(), [](Index pad) { return pad == 0; }) || built.is_lost()) return;
  const bool in_range = std::all_of(pads.begin(), pads.end(), [](Index pad) { return pad >= 0 && pad < (Index{1} << 30); });
  if (pads.size() == 8 && in_range && (mode == "constant" || mode.empty()) && built.is_images()) {
    Index before[4] = {}, behind[4] = {};  // along the axes of (N, H, W, C)
    for (Index axis = 0; axis < 4; ++axis) {
      const auto own = static_cast<std::size_t>(built.axis_here(axis));
      before[own] = pads[static_cast<std::size_t>(axis)];
      behind[own] = pads[static_cast<std::size_t>(axis) + 4];
    }
    const Padding around(before[1], before[2], behind[1], behind[2]);
    const bool channels = before[3] + behind[3] > 0, samples = before[0] + behind[0] > 0, lowest = value < -3.4e38;
    if (!samples && !channels && (value == 0 || lowest)) return built.pad(around, lowest);
    if (!samples && around == Padding(0) && value == 0 && before[3] <= behind[3] && behind[3] <= before[3] + 1)
      return built.subsample(1, built.images()[3] + before[3] + behind[3]);
  }
  throw DataError("is none that is read; expects rows and columns of zeros around images, before a Conv or a pool, or as many channels of "
                  "zeros on both sides");
}

}  // namespace lamina::detail
