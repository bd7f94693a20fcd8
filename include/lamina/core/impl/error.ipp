#pragma once

#include "../error.hpp"

#include <locale>
#include <sstream>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string join(std::initializer_list<Part> parts) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  for (const Part& part : parts) part.write(out, part.thing);
  return out.str();
}

}  // namespace lamina::detail
