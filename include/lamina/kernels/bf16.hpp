#pragma once

/// @file
/// Finds the kernels that multiply bfloat16 numbers. instruction_sets.hpp describes what all kernels guarantee.

#include <string_view>

#include "bf16_products.hpp"
#include "instruction_sets.hpp"

namespace LAMINA_NAMESPACE::kernels {

/// Returns the kernels of one instruction set, on an emulation of AMX tiles.
const Bf16Products& emulated_bf16_products(const InstructionSet& instruction_set);

/// Returns the kernels that the key names: "" those of this machine's AMX tiles, or null if it has none; "emulated" those of
/// best(), slow, for tests and to learn what accuracy bfloat16 costs; "off" null. Throws std::invalid_argument, which
/// lists the choices, for another key.
const Bf16Products* bf16_products(std::string_view key);

/// Returns the kernels that the environment variable LAMINA_BF16 names, or those of the machine. They are chosen once. Throws
/// as bf16_products() does.
const Bf16Products* best_bf16_products();

namespace detail {
/// Makes these kernels known to layers in a program that includes this header.
inline const bool has_bf16_products = (find_bf16_products = &best_bf16_products, true);
}  // namespace detail

}  // namespace lamina::kernels

#ifndef LAMINA_COMPILED
#include "impl/bf16.ipp"
#endif
