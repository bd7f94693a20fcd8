#pragma once

#include "../onnx_chain.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "../onnx_operators.hpp"

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC OnnxBuilder OnnxChain::read() && {
  std::vector<OnnxCall> all(graph_.nodes.begin(), graph_.nodes.end());
  std::vector<OnnxCall*> calls;  // constants first
  for (OnnxCall& call : all)
    if (call.op == "Constant") calls.push_back(&call);
  const std::size_t constants = calls.size();
  for (OnnxCall& call : all)
    if (call.op != "Constant") calls.push_back(&call);
  for (std::size_t next = 0, count = 1; next < calls.size(); next += count) {
    OnnxCall& call = *calls[next];
    const auto i = static_cast<std::size_t>(&call - all.data());
    count = 1;
    try {
      const auto rest = std::span(calls).subspan(next);
      if (const OnnxPattern* pattern = next < constants ? nullptr : onnx_pattern_at(rest, built_)) {
        count = pattern->nodes.size();
        read_pattern(*pattern, rest.first(count));
        continue;
      }
      read_node(call);
    } catch (const DataError& error) {
      refuse(i, call, error);
    } catch (const std::invalid_argument& error) {  // ShapeError, OptionError
      refuse(i, call, error);
    }
    if (call.op != "Constant" && !call.outputs.empty()) at_ = call.outputs[0];
  }
  if (refused_ > 0)
    throw DataError(message(
        refused_, " of its ", graph_.nodes.size(), " nodes ", refused_ == 1 ? "is" : "are", " not supported:",
        problems_, refused_ > most_listed ? message("\n  and ", refused_ - most_listed, " more") : std::string()));
  if (at_ != graph_.output)
    throw DataError(message("its output ", quoted(graph_.output), " is not what its last node makes, ", quoted(at_)));
  built_.check_end();
  return std::move(built_);
}

LAMINA_FUNC void OnnxChain::read_pattern(const OnnxPattern& pattern, std::span<OnnxCall* const> calls) {
  check_inputs(*calls[0]);
  at_ = calls.back()->outputs[0];
  pattern.read(calls, built_);
  for (OnnxCall* call : calls) call->check_all_taken();
}

LAMINA_FUNC void OnnxChain::read_node(OnnxCall& call) {
  if (!call.domain.empty() && call.domain != "ai.onnx")
    throw DataError(message("is an operator of ", quoted(call.domain), ", not of ONNX"));
  if (call.op == "Constant") return keep_constant(call);
  const auto known = std::find_if(std::begin(onnx_operators), std::end(onnx_operators),
                                  [&](const OnnxOperator& one) { return one.op == call.op; });
  if (known == std::end(onnx_operators)) throw DataError(message("is no operator that is read", hint(call.op)));
  if (call.inputs.size() > known->inputs || call.outputs.empty())
    throw DataError(message("has ", call.inputs.size(), " inputs and ", call.outputs.size(),
                            " outputs; expects at most ", known->inputs, ", and at least 1"));
  if (call.op == "Add" && call.input(1) == at_) std::swap(call.inputs[0], call.inputs[1]);
  check_inputs(call);
  known->read(call, built_);
  call.check_all_taken();
}

LAMINA_FUNC std::string_view OnnxChain::hint(std::string_view op) {
  if (op == "Shape" || op == "Gather" || op == "Unsqueeze" || op == "Concat")
    return "; where it is there to flatten (x.view(x.size(0), -1)), write nn.Flatten";
  return "";
}

LAMINA_FUNC void OnnxChain::check_inputs(const OnnxCall& call) const {
  if (call.input(0) != at_)
    throw DataError(message("takes ", quoted(call.input(0)), " where the node before it makes ", quoted(at_),
                            "; expects a chain, without branches"));
  for (std::size_t i = 1; i < call.inputs.size(); ++i)
    if (!call.inputs[i].empty() && !graph_.tensors.contains(call.inputs[i]))
      throw DataError(message("takes ", quoted(call.inputs[i]), ", which is no initializer"));
}

LAMINA_FUNC void OnnxChain::keep_constant(OnnxCall& call) {
  const auto bytes = call.tensor("value");
  if (bytes.empty() || call.outputs.size() != 1) throw DataError("has no tensor as its value");
  call.check_all_taken();
  graph_.add_tensor(call.outputs[0], read_onnx_tensor(bytes));
}

LAMINA_FUNC void OnnxChain::refuse(std::size_t i, const OnnxCall& call, const std::exception& error) {
  built_.lose();
  if (++refused_ > most_listed) return;
  problems_ += message("\n  node ", i, call.name.empty() ? "" : " " + quoted(call.name), ": ",
                       JsonReader::printable(call.op), ": ", error.what());
}

}  // namespace lamina::detail
