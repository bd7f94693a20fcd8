#include <lamina/core/checksum.hpp>
#include <set>
#include <vector>

#include "../catch.hpp"

using namespace lamina;

TEST_CASE("a digest of any other bytes, or of the same ones cut elsewhere, is another") {
  std::vector<std::byte> bytes(37);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(7 * i);
  std::set<std::uint64_t> values{detail::Checksum{}.value()};
  std::size_t digests = 1;
  const auto note = [&](const detail::Checksum& checksum) {
    values.insert(checksum.value());
    ++digests;
  };
  note(detail::Checksum{}.add(bytes));
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      auto changed = bytes;
      changed[i] ^= static_cast<std::byte>(1 << bit);
      note(detail::Checksum{}.add(changed));
    }
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    note(detail::Checksum{}.add(std::span(bytes).first(size)));
    note(detail::Checksum{}.add(std::span(bytes).first(size)).add(std::span(bytes).subspan(size)));
  }
  CHECK(values.size() == digests);
}

TEST_CASE("a digest is the same for the same bytes, and its text has sixteen digits") {
  CHECK(detail::Checksum{}.add("lamina").value() == detail::Checksum{}.add(std::string("lamina")).value());
  CHECK(detail::Checksum{}.text() == "00006c616d696e61");
}
