#pragma once

#include <string_view>

#include "config.hpp"

namespace LAMINA_NAMESPACE {

/// The meaning of a network's outputs. Training sets it from the loss, and it is saved with the model.
enum class OutputMeaning {
  softmax,        ///< logits of classes of which exactly one is right; their softmax gives the probabilities
  sigmoid,        ///< logits of independent yes/no questions; their sigmoids give the probabilities
  probabilities,  ///< probabilities, as after a Softmax or Sigmoid layer
  values,         ///< numbers, as in regression
};

namespace detail {

/// The names of the meanings in files, in the order of the enumeration.
inline constexpr std::string_view meaning_names[] = {"softmax", "sigmoid", "probabilities", "values"};

}  // namespace detail
}  // namespace lamina
