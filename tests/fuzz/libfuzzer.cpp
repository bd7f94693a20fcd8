// libFuzzer's way into the one target that is linked.

#include "target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::run(fuzz::targets().front(), {reinterpret_cast<const std::byte*>(data), size});
  return 0;
}
