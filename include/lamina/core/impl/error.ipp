#pragma once

#include "../error.hpp"

#include <ios>
#include <locale>
#include <sstream>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string join(std::initializer_list<Part> parts) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out.exceptions(std::ios_base::badbit);  // out of memory: throw instead of returning half a text
  for (const Part& part : parts) part.write(out, part.thing);
  return out.str();
}

}  // namespace lamina::detail
