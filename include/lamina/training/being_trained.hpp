#pragma once

#include "../core/error.hpp"
#include "../models/model.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A mark on a model that `fit` or `step` is training it, for as long as this object lives.
template <typename T>
class BeingTrained {
 public:
  /// Marks the model. Throws OptionError, in the name of `who`, if it is marked already.
  BeingTrained(const char* who, BasicModel<T>& model) : model_(model) {
    if (model.training_.on)
      throw OptionError(str_cat(who, ": the model is being trained already, by a fit or step that this one was called from; "
                                     "train a copy"));
    model.training_.on = true;
  }
  BeingTrained(const BeingTrained&) = delete;
  BeingTrained& operator=(const BeingTrained&) = delete;
  ~BeingTrained() { model_.training_.on = false; }

 private:
  BasicModel<T>& model_;
};

}  // namespace lamina::detail
