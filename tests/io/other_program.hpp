#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "../catch.hpp"

/// Whether another program could run; it says by 77 that it lacks something. What it finds wrong fails the test.
inline bool runs(const std::string& command) {
  const int status = std::system(command.c_str());
  if (status == 77 << 8 || status == 127 << 8) return false;
  REQUIRE(status == 0);
  return true;
}

/// The same of a program beside this file, in Python, with its arguments.
inline bool runs_python(const std::string& program, const std::string& arguments) {
  const std::string python = std::filesystem::exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
  return runs(python + " '" + LAMINA_TESTS_DIR + "/io/" + program + "' " + arguments);
}
