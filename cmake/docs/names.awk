# Where the pages of the site are: what page.awk and search.awk share. `root` is the repository, with a / at its end.

# The label of a Markdown page, which is also its file's name without .html; "" if it is no page of the site.
function label_of(path) {
  if (path == "README.md") return "index"
  if (path == "include/lamina/README.md") return "guides"
  if (path == "examples/README.md") return "example_programs"
  if (path == "tests/README.md") return "tests"
  if (path !~ /^(include\/lamina|examples|tests)\/[a-z_]+\/[A-Za-z_]+\.md$/) return ""
  sub(/^include\/lamina\//, "guide_", path)
  sub(/^examples\//, "", path)
  sub(/^tests\//, "tests_", path)
  sub(/(\/README)?\.md$/, "", path)
  gsub(/\//, "_", path)
  return path
}

# The label of a heading, or of a link's part after the #, as GitHub has it. Labels are unique in the whole site.
function label_in(label, heading) {
  heading = tolower(heading)
  gsub(/[^a-z0-9_ -]/, "", heading)
  gsub(/ /, "-", heading)
  return label "_" heading
}

# A path without the folder that it begins with, if it is in there.
function below(folder, path) {
  return index(path, folder) == 1 ? substr(path, length(folder) + 1) : path
}
