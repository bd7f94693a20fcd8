#include <lamina/all.hpp>

#include "../catch.hpp"

// A program says `using namespace lamina` and has common words of its own: they are not ambiguous.
using namespace lamina;

namespace {

struct Size {};
struct Range {};
struct Max {};
struct Average {};
struct Noise {};
struct Axis {};
struct Bar {};
struct Setting {};
struct Run {};
struct Places {};
struct Crew {};
struct Turns {};
struct Fusion {};
struct Window {};
struct Label {};
struct Edition {};
struct Digest {};

int message(int x) { return x; }
int search(int x) { return x; }
int walk(int x) { return x; }
int trace(int x) { return x; }
int pictures(int x) { return x; }
int resize(int x) { return x; }
int infer(int x) { return x; }
int visit(int x) { return x; }

TEST_CASE("common words of a program that uses the namespace are its own") {
  [[maybe_unused]] const auto all = std::tuple<Size, Range, Max, Average, Noise, Axis, Bar, Setting, Run, Places, Crew, Turns,
                                               Fusion, Window, Label, Edition, Digest>();
  CHECK(message(1) + search(2) + walk(3) + trace(4) + pictures(5) + resize(6) + infer(7) + visit(8) == 36);
}

}  // namespace
