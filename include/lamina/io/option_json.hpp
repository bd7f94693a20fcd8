#pragma once

#include <span>
#include <string>

#include "../exec/option_values.hpp"

namespace LAMINA_NAMESPACE::detail {

// A layer's hyper-parameters as JSON, written from what L::visit_options shows, and read by the same visit:
//
//   ,"filters":6,"kernel":[5,5],"stride":[1,1],"padding":[2,2],"weight_initializer":"HeNormal",…
//
// An option that a file does not have keeps its default: it was not there when the file was written. So a default never
// changes what it means.

/// Returns an option in JSON; nothing for one that is as if it were not given, and for an initializer that is not the
/// library's, as no file can bring it. Throws OptionError for an option of a type that files do not hold.
std::string option_json(const OptionValue& option);

/// Returns a layer's options as members of an object, each with a comma before it.
std::string options_json(std::span<const OptionValue> options);

}  // namespace lamina::detail

#ifndef LAMINA_COMPILED
#include "impl/option_json.ipp"
#endif
