// Writes the reports of tests/report/pages.hpp into a folder, for a browser to look at.

#include "../pages.hpp"

int main(int, char** arguments) {
  const std::filesystem::path folder = arguments[1];
  pages::write_ordinary(folder / "ordinary.html");
  pages::write_thousand(folder / "thousand.html");
  pages::write_diverged(folder / "diverged.html");
  pages::write_several_labels(folder / "several_labels.html");
  pages::write_numbers(folder / "numbers.html");
}
