#pragma once

#include "../sgd.hpp"

#include "../../core/error.hpp"

namespace LAMINA_NAMESPACE {

LAMINA_FUNC void SGD::check() const {
  detail::check_learning_rate(name, learning_rate);
  if (!(momentum >= 0 && momentum < 1))
    throw OptionError(str_cat("SGD: expects a momentum of at least 0 and below 1 but got ", momentum));
  detail::check_penalty(name, "weight_decay", weight_decay);
  detail::check_penalty(name, "l1", l1);
  if (nesterov && momentum == 0) throw OptionError("SGD: nesterov expects a momentum above 0 but got 0");
}

}  // namespace lamina
