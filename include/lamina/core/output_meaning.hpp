#pragma once

#include <string_view>

#include "config.hpp"

namespace LAMINA_NAMESPACE {

/// The meaning of the numbers that a network gives. Training sets it from the loss, and it is saved with the model.
enum class OutputMeaning {
  softmax,        ///< logits of classes of which one is right: their softmax are the probabilities
  sigmoid,        ///< logits of questions that are each answered for themselves: their sigmoids are the probabilities
  probabilities,  ///< probabilities already, as behind a Softmax or Sigmoid layer
  values,         ///< numbers, as of a regression
};

namespace detail {

/// Their names in files, in their order.
inline constexpr std::string_view meaning_names[] = {"softmax", "sigmoid", "probabilities", "values"};

}  // namespace detail
}  // namespace lamina
