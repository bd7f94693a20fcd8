// A whole training step of a small convolutional network, every number of it, as README.md beside this file derives them.
//
//   by_hand
//
// Expect a block for each tensor, x first, in the order of README.md and with its numbers. J, the loss, is 1.3863 before the
// step and 0.6393 after it.

#include <exception>
#include <iostream>

#include "worksheet.hpp"

int main() try {
  for (const char* between = ""; const by_hand::Worksheet& table : by_hand::worksheets()) {
    std::cout << between << table;
    between = "\n";
  }
} catch (const std::exception& error) {
  std::cerr << "by_hand: " << error.what() << '\n';
  return 1;
}
