#pragma once

#include "../model.hpp"

#include <iterator>
#include <utility>

namespace LAMINA_NAMESPACE {

template <typename T>
[[gnu::cold]] void BasicModel<T>::check_sample(std::span<const Index> sample) {
  for (const Index extent : sample)
    if (extent < 1)
      throw ShapeError(str_cat("Model: expects samples of extents of at least 1 but got ", detail::format_shape(sample)));
}

template <typename T>
[[gnu::cold]] void BasicModel<T>::take(detail::Program<T> program, detail::Draw draw) {
  parameters_ = std::make_unique<Parameters>(program.initialize(draw));
  const auto& in = program.layers().front().in;
  const auto& out = program.layers().back().out;
  sample_.assign(in.begin() + 1, in.end());
  output_.assign(out.begin() + 1, out.end());
  program_ = std::move(program);
  meaning_ = first_meaning();
}

template <typename T>
[[gnu::cold]] BasicModel<T>::BasicModel(const BasicModel& other)
    : program_(other.program_),
      parameters_(std::make_unique<Parameters>(other.parameters())),
      sample_(other.sample_),
      output_(other.output_),
      inputs_(other.inputs_),
      meaning_(other.meaning_),
      class_names_(other.class_names_),
      steps_(other.steps_),
      changes_(other.changes_) {}

template <typename T>
[[gnu::cold]] BasicModel<T>& BasicModel<T>::operator=(const BasicModel& other) {
  return *this = BasicModel(other);
}

template <typename T>
[[gnu::cold]] BasicModel<T>& BasicModel<T>::operator=(BasicModel&& other) noexcept {
  changes_ = (std::max)(changes_, other.changes_) + 1;
  if (this == &other) return *this;
  program_ = std::move(other.program_);
  parameters_ = std::move(other.parameters_);
  sample_ = std::move(other.sample_);
  output_ = std::move(other.output_);
  inputs_ = other.inputs_;
  meaning_ = other.meaning_;
  class_names_ = std::move(other.class_names_);
  steps_ = other.steps_;
  return *this;
}

template <typename T>
[[gnu::cold]] void BasicModel<T>::reset_parameters(const Rng& rng) {
  parameters() = program_.initialize(detail::Draw{&rng});
  meaning_ = first_meaning();
  class_names_.clear();
  steps_ = 0;
}

template <typename T>
Index BasicModel<T>::outputs() const {
  expect_output_rank(2);
  return output_[0];
}

template <typename T>
bool BasicModel<T>::gives_probabilities() const {
  return !layers().empty() && layers().back().node->gives_probabilities();
}

template <typename T>
bool BasicModel<T>::has_independent_outputs() const {
  if (meaning_ == OutputMeaning::sigmoid) return true;
  return meaning_ == OutputMeaning::probabilities && (output_.back() == 1 || layers().back().node->name() == "Sigmoid");
}

template <typename T>
[[gnu::cold]] void BasicModel<T>::set_meaning(OutputMeaning meaning) {
  const bool logits = meaning == OutputMeaning::softmax || meaning == OutputMeaning::sigmoid;
  if (logits && gives_probabilities())
    throw OptionError(str_cat("Model: ends in ", layers().back().node->name(),
                              ", so that its outputs are probabilities and no logits; remove the layer"));
  meaning_ = meaning;
}

template <typename T>
[[gnu::cold]] void BasicModel<T>::set_class_names(std::vector<std::string> names) {
  check_owner();
  const Index count = std::ssize(names), K = output_.back();
  if (count != 0 && count != K && !(count == 2 && K == 1))
    throw OptionError(str_cat("Model: expects a name for each of its ", K, " outputs, or none, but got ", count));
  class_names_ = std::move(names);
}

template <typename T>
[[gnu::cold]] std::unique_ptr<typename BasicModel<T>::Base::Memory> BasicModel<T>::memory() const {
  return std::make_unique<AnswerMemory>();
}

template <typename T>
[[gnu::cold]] void BasicModel<T>::prepare_in(Workspace& ws) const {
  program_.make_ready(ws);
  ws.context.training = false;
  RoundRobin all{.worker = 0, .workers = 1};
  program_.pack_weights(parameters().of_layers(), ws, all);
}

template <typename T>
[[gnu::cold]] void BasicModel<T>::pack_weights(std::span<typename Base::Memory* const> memories) const {
  Workspace& first = static_cast<AnswerMemory&>(*memories[0]).ws;
  memories[0]->arithmetic.apply_to(first.context);
  program_.fold(parameters(), first);
  prepare_in(first);
  for (typename Base::Memory* memory : memories) program_.share_packed(first, static_cast<AnswerMemory&>(*memory).ws);
}

template <typename T>
[[gnu::cold]] std::unique_ptr<ThreadPool> BasicModel<T>::start(const InferenceOptions& options, Workspace& ws) const {
  options.check("Model");
  auto thread_pool = std::make_unique<ThreadPool>(options.threads);
  ws.context.thread_pool = thread_pool.get();
  prepare_in(ws);
  program_.share_packed(ws, ws);
  return thread_pool;
}

template <typename T>
void BasicModel<T>::answer(detail::TensorRef<T> x, typename Base::Memory& memory, Tensor<T, 2>& y) const {
  expect_output_rank(2);
  Workspace& ws = static_cast<AnswerMemory&>(memory).ws;
  memory.arithmetic.apply_to(ws.context);
  ws.context.thread_pool = memory.thread_pool;
  program_.forward_inference(parameters().of_layers(), x, ws, y);
}

template <typename T>
void BasicModel<T>::refuse_output(int rank) const {
  if (!parameters_) refuse_moved();
  const std::string gives = str_cat("but it gives ", detail::format_shape(layers().back().out));
  if (rank == 2) throw ShapeError(str_cat("Model: expects a network that ends in rows (N, K) ", gives));
  throw ShapeError(str_cat("Model: expects a network whose output has ", rank, " axes ", gives, "; ask for output<",
                           output_.size() + 1, ">(x)"));
}

template <typename T>
void BasicModel<T>::refuse_rank(int rank, std::span<const Index> extents, const char* what) {
  throw ShapeError(str_cat("Model: its ", what, " are ", detail::format_shape(extents), ", so that a batch has ", extents.size() + 1,
                           " axes, but it was asked for ", rank));
}

template <typename T>
void BasicModel<T>::refuse_moved() {
  throw OptionError("Model: was moved from, and has no parameters; use the model that it was moved to");
}

}  // namespace lamina
