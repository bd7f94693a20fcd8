#include "../catch.hpp"
#include "reference.hpp"

#include <cstdlib>
#include <stdexcept>

using namespace reference;

TEMPLATE_TEST_CASE("every instruction set is found by its key, and the fastest by none", "", float, double) {
  const auto all = lamina::kernels::instruction_sets<TestType>();
  REQUIRE_FALSE(all.empty());
  for (const lamina::kernels::InstructionSet* instruction_set : all) {
    CHECK(&lamina::kernels::instruction_set<TestType>(instruction_set->key) == instruction_set);
  }
  CHECK(&lamina::kernels::instruction_set<TestType>("") == all.front());
}

TEST_CASE("an instruction set that does not exist is refused with the names of those that do") {
  std::string choices;
  for (const lamina::kernels::InstructionSet* instruction_set : lamina::kernels::instruction_sets<float>()) {
    choices += (choices.empty() ? "" : ", ") + std::string(instruction_set->key);
  }
  CHECK_THROWS_AS(lamina::kernels::instruction_set<float>("neon9"), std::invalid_argument);
  CHECK_THROWS_WITH(lamina::kernels::instruction_set<float>("neon9"),
                    "LAMINA_ISA: expects one of those this machine can run (" + choices +
                        ") but got \"neon9\"; unset it to get the fastest");
}

TEST_CASE("the best edition is the one LAMINA_ISA names, and the fastest without it") {
  const char* key = std::getenv("LAMINA_ISA");
  CHECK(&lamina::kernels::best<float>() == &lamina::kernels::instruction_set<float>(key ? key : ""));
  CHECK(&lamina::kernels::best<float>() == &lamina::kernels::best<float>());
}

TEST_CASE("float and double run in the same instruction sets") {
  const auto floats = lamina::kernels::instruction_sets<float>();
  const auto doubles = lamina::kernels::instruction_sets<double>();
  REQUIRE(floats.size() == doubles.size());
  for (std::size_t i = 0; i < floats.size(); ++i) CHECK(std::string(floats[i]->key) == doubles[i]->key);
}
