#pragma once

#include "../ensemble.hpp"

#include <algorithm>

#include "../../core/class_names.hpp"

namespace LAMINA_NAMESPACE {

template <typename T>
[[gnu::cold]] void Ensemble<T>::push_back(BasicModel<T> model) {
  const Index classes = model.outputs();
  if (!models_.empty() && (!std::ranges::equal(model.sample_extents(), sample_extents()) || classes != outputs()))
    throw ShapeError(str_cat("Ensemble: expects a model of samples ", detail::format_shape(sample_extents()), " and ", outputs(),
                             " classes, as those before, but got one of ", detail::format_shape(model.sample_extents()), " and ",
                             classes));
  if (!models_.empty() && ((model.meaning() == OutputMeaning::values) != (meaning() == OutputMeaning::values) ||
                           model.has_independent_outputs() != has_independent_outputs())) {
    const auto kind = [](const BasicModel<T>& one) {
      return one.meaning() == OutputMeaning::values ? "values"
             : one.has_independent_outputs()        ? "answers to separate questions"
                                                    : "scores of classes";
    };
    throw OptionError(str_cat("Ensemble: expects a model whose outputs are ", kind(models_[0]),
                              ", as those before, but got one whose outputs are ", kind(model)));
  }
  if (detail::compare_class_names(model.class_names(), class_names()) != detail::NamesFit::yes)
    throw OptionError(str_cat("Ensemble: expects a model of the classes ", detail::some_names(class_names(), 0),
                              ", in this order, as those before, but got one of ", detail::some_names(model.class_names(), 0),
                              "; train all on sets with one order of classes"));
  models_.push_back(std::move(model));
  ++assigned_.times;
}

template <typename T>
std::span<const std::string> Ensemble<T>::class_names() const {
  for (const BasicModel<T>& model : models_)
    if (!model.class_names().empty()) return model.class_names();
  return {};
}

template <typename T>
OutputMeaning Ensemble<T>::meaning() const {
  const bool values = !models_.empty() && models_[0].meaning() == OutputMeaning::values;
  return values ? OutputMeaning::values : OutputMeaning::probabilities;
}

template <typename T>
void Ensemble<T>::expect_models() const {
  if (models_.empty()) throw ShapeError("Ensemble: expects at least one model but has none; push_back some");
}

template <typename T>
Index Ensemble<T>::outputs() const {
  expect_models();
  return models_[0].outputs();
}

template <typename T>
void Ensemble<T>::check(std::span<const Index> in) const {
  expect_models();
  detail::check_samples("Ensemble", sample_extents(), in);
}

template <typename T>
std::unique_ptr<typename Ensemble<T>::Base::Memory> Ensemble<T>::memory() const {
  auto all = std::make_unique<AnswerMemory>();
  make_room(*all);
  return all;
}

template <typename T>
void Ensemble<T>::make_room(AnswerMemory& memory) const {
  while (memory.of_models.size() < models_.size()) memory.of_models.push_back(models_[memory.of_models.size()].memory());
}

template <typename T>
[[gnu::cold]] void Ensemble<T>::pack_weights(std::span<typename Base::Memory* const> memories) const {
  std::vector<typename Base::Memory*> own(memories.size());
  for (std::size_t m = 0; m < models_.size(); ++m) {
    for (std::size_t i = 0; i < memories.size(); ++i) {
      auto& memory = static_cast<AnswerMemory&>(*memories[i]);
      make_room(memory);
      own[i] = memory.of_models[m].get();
      own[i]->arithmetic = memory.arithmetic;
    }
    models_[m].pack_weights(own);
  }
}

template <typename T>
void Ensemble<T>::answer(detail::TensorRef<T> x, typename Base::Memory& memory, Tensor<T, 2>& y) const {
  auto& own = static_cast<AnswerMemory&>(memory);
  make_room(own);
  reshape(y, Shape<2>{{x.extents()[0], outputs()}});
  y.setZero();
  for (std::size_t m = 0; m < models_.size(); ++m) {
    own.of_models[m]->arithmetic = memory.arithmetic;
    own.of_models[m]->thread_pool = memory.thread_pool;
    models_[m].answer(x, *own.of_models[m], own.one);
    if (models_[m].meaning() != OutputMeaning::values) models_[m].to_probabilities(own.one);
    y += own.one;
  }
  const T count = static_cast<T>(models_.size());
  for (Index i = 0; i < y.size(); ++i) y.data()[i] /= count;
}

}  // namespace lamina
