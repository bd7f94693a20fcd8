#pragma once

#include "../onnx_folder.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <numeric>
#include <utility>

namespace LAMINA_NAMESPACE::detail {

/// The computation of a node whose inputs are integers.
class OnnxFolder {
 public:
  OnnxFolder(OnnxCall& call, std::vector<OnnxIntegers> inputs) : call_(call), in_(std::move(inputs)) {}

  OnnxIntegers run() {
    using Compute = OnnxIntegers (OnnxFolder::*)();
    constexpr std::pair<std::string_view, Compute> known[] = {
        {"Gather", &OnnxFolder::gather},    {"Concat", &OnnxFolder::concat},       {"Unsqueeze", &OnnxFolder::unsqueeze},
        {"Squeeze", &OnnxFolder::squeeze},  {"Slice", &OnnxFolder::slice},         {"Cast", &OnnxFolder::cast},
        {"Reshape", &OnnxFolder::reshape_to}, {"Transpose", &OnnxFolder::transpose}, {"Identity", &OnnxFolder::identity},
        {"ConstantOfShape", &OnnxFolder::constant},
        {"Add", &OnnxFolder::arithmetic},   {"Sub", &OnnxFolder::arithmetic},      {"Mul", &OnnxFolder::arithmetic},
        {"Div", &OnnxFolder::arithmetic}};
    const auto found = std::find_if(std::begin(known), std::end(known), [&](const auto& one) { return one.first == call_.op; });
    if (found == std::end(known)) throw DataError("computes with whole numbers in a way that is not read");
    OnnxIntegers made = (this->*found->second)();
    if (std::ssize(made.numbers) > OnnxIntegers::most) throw DataError("computes more whole numbers than are read");
    return made;
  }

 private:
  const OnnxIntegers& in(std::size_t i) const {
    if (i >= in_.size()) throw DataError("has too few inputs");
    return in_[i];
  }
  static Index count(const std::vector<Index>& dims) { return std::accumulate(dims.begin(), dims.end(), Index{1}, std::multiplies<>()); }

  Index axis(Index given, std::size_t rank) const {
    const Index own = given < 0 ? given + static_cast<Index>(rank) : given;
    if (own < 0 || own >= static_cast<Index>((std::max)(rank, std::size_t{1}))) throw DataError(str_cat("has axis ", given, " of ", rank, " axes"));
    return own;
  }

  /// Returns the elements at these indices: a list, or one number for a single index.
  OnnxIntegers gather() {
    if (call_.whole("axis", 0) != 0 || in(0).dims.size() != 1 || in(1).dims.size() > 1)
      throw DataError("gathers from more than a list");
    OnnxIntegers made{in(1).dims, {}};
    for (const Index at : in(1).numbers) {
      const Index own = at < 0 ? at + std::ssize(in(0).numbers) : at;
      if (own < 0 || own >= std::ssize(in(0).numbers)) throw DataError(str_cat("gathers number ", at, " of ", in(0).numbers.size()));
      made.numbers.push_back(in(0).numbers[static_cast<std::size_t>(own)]);
    }
    return made;
  }

  OnnxIntegers concat() {
    const Index along = call_.whole("axis", 0);
    OnnxIntegers made{{0}, {}};
    for (const OnnxIntegers& one : in_) {
      if (one.dims.size() != 1 || axis(along, 1) != 0) throw DataError("puts more than lists together");
      made.numbers.insert(made.numbers.end(), one.numbers.begin(), one.numbers.end());
    }
    made.dims[0] = std::ssize(made.numbers);
    return made;
  }

  /// Returns the axes of Squeeze or Unsqueeze, which are an attribute up to opset 12 and an input since.
  std::vector<Index> axes() {
    if (in_.size() > 1) return in(1).numbers;
    return call_.whole_list("axes");
  }

  OnnxIntegers unsqueeze() {
    const auto along = axes();
    OnnxIntegers made{in(0).dims, in(0).numbers};
    const std::size_t rank = made.dims.size() + along.size();
    std::vector<Index> own;
    for (const Index one : along) own.push_back(axis(one, rank));
    std::sort(own.begin(), own.end());
    for (const Index one : own) {
      if (one > std::ssize(made.dims)) throw DataError("names an axis twice");
      made.dims.insert(made.dims.begin() + one, 1);
    }
    return made;
  }

  OnnxIntegers squeeze() {
    axes();
    if (in(0).numbers.size() != 1) throw DataError("squeezes more than one number");
    return {{}, in(0).numbers};
  }

  OnnxIntegers slice() {
    const OnnxIntegers& x = in(0);
    const bool inputs = in_.size() > 1;
    const auto part = [&](std::size_t i, const char* attribute, std::vector<Index> otherwise) {
      if (inputs) return i < in_.size() ? in_[i].numbers : otherwise;
      auto list = call_.whole_list(attribute);
      return list.empty() ? otherwise : list;
    };
    const auto starts = part(1, "starts", {}), ends = part(2, "ends", {}), along = part(3, "axes", {0}), steps = part(4, "steps", {1});
    if (x.dims.empty() || starts.size() != 1 || ends.size() != 1 || along.size() != 1 || steps.size() != 1 || axis(along[0], x.dims.size()) != 0 ||
        steps[0] == 0)
      throw DataError("slices along more than the first axis");
    const Index n = x.dims[0], each = n > 0 ? std::ssize(x.numbers) / n : 0, step = steps[0];
    const auto place = [&](Index at, Index low, Index high) { return std::clamp(at < 0 ? at + n : at, low, high); };
    const Index first = step > 0 ? place(starts[0], 0, n) : place(starts[0], 0, n - 1);
    const Index end = step > 0 ? place(ends[0], 0, n) : (ends[0] < -n ? -1 : place(ends[0], -1, n - 1));
    OnnxIntegers made{x.dims, {}};
    made.dims[0] = 0;
    for (Index i = first; step > 0 ? i < end : i > end; i += step, ++made.dims[0])
      made.numbers.insert(made.numbers.end(), x.numbers.begin() + i * each, x.numbers.begin() + (i + 1) * each);
    return made;
  }

  OnnxIntegers cast() {
    if (const Index to = call_.whole("to", 7); to != 7 && to != 6) throw DataError(str_cat("makes numbers of type ", to, " of extents"));
    return in(0);
  }

  OnnxIntegers reshape_to() {
    call_.whole("allowzero", 0);
    OnnxIntegers made{in(1).numbers, in(0).numbers};
    Index known = 1, free = -1;
    for (std::size_t i = 0; i < made.dims.size(); ++i) {
      Index& extent = made.dims[i];
      if (extent == 0 && i < in(0).dims.size()) extent = in(0).dims[i];
      if (extent < -1 || (extent == -1 && free >= 0)) throw DataError("makes extents that nothing has");
      if (extent == -1)
        free = static_cast<Index>(i);
      else
        known *= (std::min)(extent, OnnxIntegers::most + 1);
      if (known > OnnxIntegers::most) throw DataError("makes more numbers than there are");
    }
    if (free >= 0) made.dims[static_cast<std::size_t>(free)] = known > 0 ? std::ssize(made.numbers) / known : 0;
    if (count(made.dims) != std::ssize(made.numbers)) throw DataError("makes more or fewer numbers than there are");
    return made;
  }

  OnnxIntegers transpose() {
    const OnnxIntegers& x = in(0);
    const auto perm = call_.whole_list("perm");
    const bool turns = perm.empty() || perm == std::vector<Index>{1, 0};
    if (x.dims.size() < 2 || perm == std::vector<Index>{0, 1}) return x;
    if (x.dims.size() != 2 || !turns) throw DataError("transposes more than a table");
    OnnxIntegers made{{x.dims[1], x.dims[0]}, {}};
    for (Index c = 0; c < x.dims[1]; ++c)
      for (Index r = 0; r < x.dims[0]; ++r) made.numbers.push_back(x.numbers[static_cast<std::size_t>(r * x.dims[1] + c)]);
    return made;
  }

  OnnxIntegers identity() { return in(0); }

  OnnxIntegers constant() {
    Index value = 0;
    if (const auto bytes = call_.tensor("value"); !bytes.empty()) {
      const OnnxTensor tensor = read_onnx_tensor(bytes);
      const auto numbers = tensor.integers(1);
      if (numbers.size() != 1) throw DataError("has no whole number as its value");
      value = numbers[0];
    }
    Index size = 1;
    for (const Index extent : in(0).numbers) {
      if (extent < 0 || extent > OnnxIntegers::most) throw DataError("makes more whole numbers than are read");
      size *= extent;
      if (size > OnnxIntegers::most) throw DataError("makes more whole numbers than are read");
    }
    return {in(0).numbers, std::vector<Index>(static_cast<std::size_t>(size), value)};
  }

  OnnxIntegers arithmetic() {
    const OnnxIntegers &a = in(0), &b = in(1);
    const std::size_t n = (std::max)(a.numbers.size(), b.numbers.size());
    if ((a.numbers.size() != n && a.numbers.size() != 1) || (b.numbers.size() != n && b.numbers.size() != 1))
      throw DataError("computes with lists of other lengths");
    OnnxIntegers made{a.numbers.size() == n ? a.dims : b.dims, {}};
    for (std::size_t i = 0; i < n; ++i) {
      const Index x = a.numbers[a.numbers.size() == 1 ? 0 : i], y = b.numbers[b.numbers.size() == 1 ? 0 : i];
      constexpr Index most = Index{1} << 30;
      if (x == OnnxIntegers::batch || y == OnnxIntegers::batch || x > most || x < -most || y > most || y < -most || (call_.op == "Div" && y == 0))
        throw DataError("computes with the number of samples, or with numbers that no extent is");
      made.numbers.push_back(call_.op == "Add" ? x + y : call_.op == "Sub" ? x - y : call_.op == "Mul" ? x * y : x / y);
    }
    return made;
  }

  OnnxCall& call_;
  std::vector<OnnxIntegers> in_;
};

LAMINA_FUNC bool fold_onnx(OnnxCall& call, OnnxBuilder& built) {
  if (call.outputs.size() != 1 || call.inputs.empty()) return false;
  if (call.op == "Shape" && !built.is_constant(call.input(0))) {
    const Index from = call.whole("start", 0), to = call.whole("end", 9);
    if (built.is_lost()) return built.define(call.outputs[0], OnnxIntegers{{5}, {1, 1, 1, 1, 1}}), true;
    if (!built.select(call.input(0))) throw DataError(str_cat("takes ", quoted(call.input(0)), ", which no node before it makes"));
    auto extents = built.onnx_extents();
    const auto place = [n = std::ssize(extents)](Index at) { return std::clamp(at < 0 ? at + n : at, Index{0}, static_cast<Index>(n)); };
    extents.erase(extents.begin() + place(to), extents.end());
    extents.erase(extents.begin(), extents.begin() + (std::min)(place(from), static_cast<Index>(extents.size())));
    return built.define(call.outputs[0], OnnxIntegers{{std::ssize(extents)}, std::move(extents)}), true;
  }
  if (call.op == "Identity" && built.alias_tensor(call.input(0), call.outputs[0])) return true;
  if (call.op == "Transpose" && built.transpose_tensor(call.input(0), call.outputs[0])) {
    const auto perm = call.whole_list("perm");
    if (!perm.empty() && perm != std::vector<Index>{1, 0}) throw DataError("expects perm 1, 0");
    return true;
  }
  std::vector<OnnxIntegers> inputs;
  for (const std::string_view name : call.inputs) {
    auto numbers = built.integers(name);
    if (!numbers) return false;
    inputs.push_back(std::move(*numbers));
  }
  built.define(call.outputs[0], OnnxFolder(call, std::move(inputs)).run());
  return true;
}

}  // namespace lamina::detail
