#pragma once

#include "../onnx_reader.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "../onnx_folder.hpp"
#include "../onnx_operators.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC OnnxBuilder OnnxReader::read() && {
  std::vector<OnnxCall> calls;
  for (const auto& node : graph_.nodes) calls.emplace_back(node);
  const std::vector<unsigned char> needed = find_needed(calls);
  if (takes_channels_last(calls)) {
    std::rotate(graph_.sample.begin(), graph_.sample.end() - 1, graph_.sample.end());
    built_.make_input_channels_last();
  }
  made_.insert(graph_.input);
  std::vector<OnnxCall*> left;  // constants first
  for (const bool constants : {true, false})
    for (std::size_t i = 0; i < calls.size(); ++i)
      if (needed[i] != 0 && (calls[i].op == "Constant") == constants) left.push_back(&calls[i]);
  for (std::size_t next = 0, count = 1; next < left.size(); next += count) {
    const auto rest = std::span<OnnxCall* const>(left).subspan(next);
    count = 1;
    try {
      if (const OnnxPattern* pattern = pattern_at(rest)) {
        count = pattern->nodes.size();
        read_pattern(*pattern, rest.first(count));
      } else {
        read_node(*rest[0]);
      }
    } catch (const DataError& error) {
      refuse(static_cast<std::size_t>(rest[0] - calls.data()), *rest[0], error);
    } catch (const std::invalid_argument& error) {  // ShapeError, OptionError
      refuse(static_cast<std::size_t>(rest[0] - calls.data()), *rest[0], error);
    }
    for (const OnnxCall* call : rest.first(count))
      for (const std::string_view name : call->outputs) made_.insert(name);
  }
  if (refused_ > 0)
    throw DataError(str_cat(
        refused_, " of its ", graph_.nodes.size(), " nodes ", refused_ == 1 ? "is" : "are", " not supported:",
        problems_, refused_ > most_listed ? str_cat("\n  and ", refused_ - most_listed, " more") : std::string()));
  if (!built_.select(graph_.output))
    throw DataError(str_cat("its output ", quoted(graph_.output), " is made by none of its nodes"));
  built_.check_end();
  return std::move(built_);
}

LAMINA_FUNC bool OnnxReader::takes_channels_last(const std::vector<OnnxCall>& calls) const {
  if (graph_.sample.size() != 3) return false;
  const Index C = graph_.sample[1], H = graph_.sample[2], W = graph_.sample[0];  // of an input (N, H, W, C)
  std::set<std::string_view> at{graph_.input};  // the input, and what is computed of it number by number
  for (OnnxCall call : calls) {
    if (std::none_of(call.inputs.begin(), call.inputs.end(), [&](std::string_view name) { return at.contains(name); })) continue;
    if (call.op == "Transpose" && call.whole_list("perm") == std::vector<Index>{0, 3, 1, 2}) return true;
    if (const OnnxTensor* to = call.op == "Reshape" && C == 1 ? built_.tensor(call.input(1)) : nullptr; to && to->type == 7 && to->count() == 4) {
      const auto extents = to->integers(4);
      if (extents[1] == 1 && extents[2] == H && extents[3] == W) return true;
    }
    for (const char* op : {"Add", "Sub", "Mul", "Div", "Cast", "Identity", "Pad"})
      if (call.op == op) at.insert(call.outputs.begin(), call.outputs.end());
  }
  return false;
}

LAMINA_FUNC std::vector<unsigned char> OnnxReader::find_needed(const std::vector<OnnxCall>& calls) {
  std::set<std::string_view> wanted{graph_.output};
  std::vector<unsigned char> needed(calls.size(), 0);
  for (std::size_t i = calls.size(); i-- > 0;) {
    const OnnxCall& call = calls[i];
    const bool wants = std::any_of(call.outputs.begin(), call.outputs.end(),
                                   [&](std::string_view name) { return name.empty() || wanted.contains(name); });
    needed[i] = wants || call.op == "Constant" || call.outputs.empty();
    if (needed[i] == 0) continue;
    for (const std::string_view name : call.inputs) {
      wanted.insert(name);
      built_.count_use(name);
    }
  }
  built_.count_use(graph_.output);
  return needed;
}

LAMINA_FUNC const OnnxPattern* OnnxReader::pattern_at(std::span<OnnxCall* const> calls) const {
  if (calls[0]->op == "Constant") return nullptr;
  const OnnxPattern* const pattern = onnx_pattern_at(calls, built_);
  if (!pattern) return nullptr;
  for (const OnnxCall* call : calls.first(pattern->nodes.size() - 1))
    if (built_.uses(call->outputs[0]) != 1) return nullptr;  // another node takes a value inside the pattern
  return pattern;
}

LAMINA_FUNC void OnnxReader::read_pattern(const OnnxPattern& pattern, std::span<OnnxCall* const> calls) {
  const std::string_view input = calls[0]->input(0), output = calls.back()->outputs[0];
  if (!made_.contains(input)) throw DataError(str_cat("takes ", quoted(input), ", which no node before it makes"));
  if (made_.contains(output)) throw DataError(str_cat("makes ", quoted(output), ", which is there already"));
  built_.select(input);
  pattern.read(calls, built_);
  for (OnnxCall* call : calls) call->check_all_taken();
  built_.define(output);
}

LAMINA_FUNC void OnnxReader::read_node(OnnxCall& call) {
  if (!call.domain.empty() && call.domain != "ai.onnx")
    throw DataError(str_cat("is an operator of ", quoted(call.domain), ", not of ONNX"));
  if (call.op == "Constant") return keep_constant(call);
  for (const std::string_view name : call.outputs)
    if (made_.contains(name) || graph_.tensors.contains(name))
      throw DataError(str_cat("makes ", quoted(name), ", which is there already"));
  if (fold_onnx(call, built_)) return call.check_all_taken();
  const auto known = std::find_if(std::begin(onnx_operators), std::end(onnx_operators),
                                  [&](const OnnxOperator& one) { return one.op == call.op; });
  if (known == std::end(onnx_operators)) throw DataError("is not a supported operator");
  const bool several = known->takes_several;
  if (call.inputs.size() > known->inputs || call.outputs.empty())
    throw DataError(str_cat("has ", call.inputs.size(), " inputs and ", call.outputs.size(),
                            " outputs; expects at most ", known->inputs, ", and at least 1"));
  check_inputs(call, several);
  built_.select(call.input(0));
  known->read(call, built_);
  call.check_all_taken();
  built_.define(call.outputs[0]);
}

LAMINA_FUNC void OnnxReader::check_inputs(const OnnxCall& call, bool several) const {
  bool any = false;
  for (std::size_t i = 0; i < call.inputs.size(); ++i) {
    const std::string_view name = call.inputs[i];
    const bool value = made_.contains(name), constant = built_.is_constant(name);
    any = any || (value && !constant);
    if (i == 0 && !several && (!value || constant))  // its value
      throw DataError(str_cat("takes ", quoted(name), constant ? ", which is a constant" : ", which no node before it makes"));
    if (several ? !value && !constant : i > 0 && !name.empty() && !constant)
      throw DataError(str_cat("takes ", quoted(name), several ? ", which no node before it makes" : ", which is no initializer"));
  }
  if (!any) throw DataError("takes nothing that a node before it makes");
}

LAMINA_FUNC void OnnxReader::keep_constant(OnnxCall& call) {
  if (call.outputs.size() != 1) throw DataError("makes not one value");
  if (const auto bytes = call.tensor("value"); !bytes.empty()) {
    call.check_all_taken();
    return graph_.add_tensor(call.outputs[0], read_onnx_tensor(bytes));
  }
  ProtobufWriter proto;  // of one number, or of a list
  const auto list = [&](std::size_t size) { proto.number(1, static_cast<Index>(size)); };
  if (call.has("value_int")) {
    proto.number(2, 7);
    proto.number(7, call.whole("value_int", 0));
  } else if (call.has("value_ints")) {
    const auto wholes = call.whole_list("value_ints");
    list(wholes.size());
    proto.number(2, 7);
    for (const Index one : wholes) proto.number(7, one);
  } else if (call.has("value_float")) {
    proto.number(2, 1);
    proto.number(4, static_cast<float>(call.real("value_float", 0)));
  } else if (call.has("value_floats")) {
    const auto reals = call.real_list("value_floats");
    list(reals.size());
    proto.number(2, 1);
    for (const double one : reals) proto.number(4, static_cast<float>(one));
  } else {
    throw DataError("has no tensor as its value");
  }
  call.check_all_taken();
  graph_.add_tensor(call.outputs[0], read_onnx_tensor(graph_.written.emplace_back(std::move(proto)).bytes()));
}

LAMINA_FUNC void OnnxReader::refuse(std::size_t i, const OnnxCall& call, const std::exception& error) {
  built_.lose();
  if (++refused_ > most_listed) return;
  problems_ += str_cat("\n  node ", i, call.name.empty() ? "" : " " + quoted(call.name), ": ",
                       JsonReader::printable(call.op), ": ", error.what());
}

}  // namespace lamina::detail
