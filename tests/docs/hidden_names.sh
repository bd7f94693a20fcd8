#!/bin/sh
# hidden_names.sh <scratch folder>: checks that public_names.sh sees every kind of declaration, and none in detail.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$1"
mkdir -p "$1/headers"
cat > "$1/headers/things.hpp" << 'END'
namespace LAMINA_NAMESPACE {
/// A thing.
struct Thing {
  int member() const { return 0; }
};
class Forward;
enum class Kind { one, two };
template <typename T, template <typename> class U = std::vector>
concept Useful = requires(T x) { x.use(); };
template <int Rank>
using Alias = Tensor<float, Rank>;
inline constexpr int limit = 3;
template <typename T,
          typename U>
std::vector<T> make(const U& from, int count = 1);
[[nodiscard]] bool known(int x);
using Old [[deprecated("it is Thing now")]] = Thing;
namespace detail {
struct Hidden {};
void helper(int);
}  // namespace detail
}  // namespace lamina
namespace LAMINA_NAMESPACE::detail {
struct AlsoHidden {};
}  // namespace lamina::detail
END
echo "A page that speaks of \`known(x)\` alone." > "$1/page.md"
if sh "$here/public_names.sh" "$1/headers" "$1/page.md" > "$1/found"; then
  echo "public_names.sh misses names"; exit 1
fi
for name in Thing Forward Kind Useful Alias limit make; do
  grep -q ": $name stands in" "$1/found" || { echo "public_names.sh misses $name"; cat "$1/found"; exit 1; }
done
[ "$(tail -n 1 "$1/found")" = "8 public names, 7 in no guide and no example" ] || { cat "$1/found"; exit 1; }
echo "Thing Forward Kind Useful Alias limit make" >> "$1/page.md"
sh "$here/public_names.sh" "$1/headers" "$1/page.md"
