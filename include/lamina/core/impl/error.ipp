#pragma once

#include "../error.hpp"

#include <sstream>

namespace LAMINA_NAMESPACE::detail {

LAMINA_FUNC std::string join(std::initializer_list<Part> parts) {
  std::ostringstream out;
  for (const Part& part : parts) part.write(out, part.thing);
  return out.str();
}

}  // namespace lamina::detail
