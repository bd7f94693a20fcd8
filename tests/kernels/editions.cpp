#include "../catch.hpp"
#include "reference.hpp"

#include <cstdlib>
#include <stdexcept>

using namespace reference;

TEMPLATE_TEST_CASE("every edition is found by its key, and the fastest by none", "", float, double) {
  const auto all = lamina::kernels::editions<TestType>();
  REQUIRE_FALSE(all.empty());
  for (const lamina::kernels::Edition* edition : all) {
    CHECK(&lamina::kernels::edition<TestType>(edition->key) == edition);
  }
  CHECK(&lamina::kernels::edition<TestType>("") == all.front());
}

TEST_CASE("an edition that does not exist is refused with the names of those that do") {
  std::string choices;
  for (const lamina::kernels::Edition* edition : lamina::kernels::editions<float>()) {
    choices += (choices.empty() ? "" : ", ") + std::string(edition->key);
  }
  CHECK_THROWS_AS(lamina::kernels::edition<float>("neon9"), std::invalid_argument);
  CHECK_THROWS_WITH(lamina::kernels::edition<float>("neon9"),
                    "LAMINA_EDITION: expects one of those this machine can run (" + choices +
                        ") but got \"neon9\"; unset it to get the fastest");
}

TEST_CASE("the best edition is the one LAMINA_EDITION names, and the fastest without it") {
  const char* key = std::getenv("LAMINA_EDITION");
  CHECK(&lamina::kernels::best<float>() == &lamina::kernels::edition<float>(key ? key : ""));
  CHECK(&lamina::kernels::best<float>() == &lamina::kernels::best<float>());
}

TEST_CASE("float and double run in the same editions") {
  const auto floats = lamina::kernels::editions<float>();
  const auto doubles = lamina::kernels::editions<double>();
  REQUIRE(floats.size() == doubles.size());
  for (std::size_t i = 0; i < floats.size(); ++i) CHECK(std::string(floats[i]->key) == doubles[i]->key);
}
