#pragma once

#include <span>
#include <string>

#include "../exec/option_values.hpp"

namespace LAMINA_NAMESPACE::detail {

// These functions write a layer's options as JSON, from what L::visit_options shows, and the same visit reads them:
//
//   ,"filters":6,"kernel":[5,5],"stride":[1,1],"padding":[2,2],"weight_initializer":"HeNormal",…
//
// An option that a file does not have keeps its default: the option did not exist when the file was written. Therefore a
// default never changes its meaning.

/// Returns an option in JSON. Returns nothing for an option that is not set, and for an initializer that is not the
/// library's, because files cannot hold it. Throws OptionError for an option of a type that files cannot hold.
std::string option_json(const OptionValue& option);

/// Returns a layer's options as members of an object, each with a comma before it.
std::string options_json(std::span<const OptionValue> options);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/option_json.ipp"
#endif
