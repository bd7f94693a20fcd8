#include <lamina/callbacks/checkpoint_file.hpp>

#include <limits>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

namespace {

const float weights[] = {1, -2.5F, std::numeric_limits<float>::infinity()};
const double losses[] = {0.1, std::numeric_limits<double>::quiet_NaN()};
const std::int64_t count[] = {-7};

Checkpoint example() {
  Checkpoint run;
  run.position = {.epoch = 2, .epochs = 5, .batch = 3, .batches = 9, .steps = ~std::uint64_t{0}, .finished = true};
  run.settings = {{"optimizer", "SGD"}, {"what \"else\"", "ä {}"}};
  run.parts = {{"history.loss", "F64", {2}, std::as_bytes(std::span(losses))},
               {"none b", "F64", {0}, {}},
               {"none a", "F64", {0, 3}, {}},
               {"0.weight", "F32", {1, 3}, std::as_bytes(std::span(weights))},
               {"waited", "I64", {}, std::as_bytes(std::span(count))}};
  return run;
}

/// A file of this run with these texts in its metadata, instead of what belongs there.
std::vector<std::byte> with_texts(const std::string& position, const std::string& settings) {
  detail::CheckpointTexts texts{position, settings, {}};
  texts.checksum = detail::digest_of(Checkpoint{}, texts);
  detail::SafeTensors file;
  texts.write(file.metadata);
  const std::string header = detail::format_safetensors_header(file);
  const auto bytes = std::as_bytes(std::span(header));
  return {bytes.begin(), bytes.end()};
}

std::string refused(const std::vector<std::byte>& bytes, const detail::CheckpointLimits& limits = {}) {
  return refusal<DataError>([&] { detail::read_checkpoint(bytes, limits); });
}

}  // namespace

TEST_CASE("a checkpoint's file gives every number and every text back") {
  const Checkpoint run = example(), back = detail::read_checkpoint(detail::checkpoint_bytes(run));
  CHECK(back.position.epoch == 2);
  CHECK(back.position.epochs == 5);
  CHECK(back.position.batch == 3);
  CHECK(back.position.batches == 9);
  CHECK(back.position.steps == ~std::uint64_t{0});
  CHECK(back.position.finished);
  CHECK(back.settings == run.settings);
  REQUIRE(back.parts.size() == run.parts.size());
  for (const auto& part : run.parts) {
    const auto same = [&](const auto& other) { return other.name == part.name; };
    const auto found = std::find_if(back.parts.begin(), back.parts.end(), same);
    REQUIRE(found != back.parts.end());
    CHECK(found->dtype == part.dtype);
    CHECK(found->shape == part.shape);
    CHECK(std::equal(found->numbers.begin(), found->numbers.end(), part.numbers.begin(), part.numbers.end()));
  }
  Checkpoint moved = detail::read_checkpoint(detail::checkpoint_bytes(run)), there;
  there = std::move(moved);
  CHECK(detail::checkpoint_bytes(there) == detail::checkpoint_bytes(back));
}

TEST_CASE("a checkpoint's file with any bit changed, cut anywhere, or longer, is refused") {
  const auto bytes = detail::checkpoint_bytes(example());
  REQUIRE(refused(bytes) == "nothing was refused");
  const auto again = detail::checkpoint_bytes(detail::read_checkpoint(bytes));
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      auto changed = bytes;
      changed[i] ^= static_cast<std::byte>(1 << bit);
      CAPTURE(i, bit);
      // What says which lamina wrote the file, and the spaces behind the header, are of no meaning.
      if (refused(changed) == "nothing was refused") CHECK((detail::checkpoint_bytes(detail::read_checkpoint(changed)) == again));
    }
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK(refused({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}) != "nothing was refused");
  auto longer = bytes;
  longer.push_back(std::byte{0});
  CHECK(refused(longer) != "nothing was refused");
  auto number = bytes;
  number.back() ^= std::byte{1};
  CHECK(refused(number) == "is damaged: its numbers are not those that were written");
}

TEST_CASE("a file that is no checkpoint, or of another form, or too long, is refused for that") {
  detail::SafeTensors model{.metadata = {{"format", "pt"}}};
  const auto file = [&] {
    const std::string header = detail::format_safetensors_header(model);
    const auto bytes = std::as_bytes(std::span(header));
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  };
  CHECK(refused(file()) == "is not a checkpoint: its metadata has no \"lamina.run\"");
  model.metadata["lamina.run"] = "2";
  CHECK(refused(file()) == "is a checkpoint in format \"2\", but this version of lamina reads format 1");
  const auto bytes = detail::checkpoint_bytes(example());
  CHECK(refused(bytes, {.max_bytes = bytes.size()}) == "nothing was refused");
  CHECK(refused(bytes, {.max_bytes = bytes.size() - 1}) ==
        str_cat("has ", bytes.size(), " bytes, more than the ", bytes.size() - 1, " allowed"));
  Checkpoint bytes_part = example();
  bytes_part.parts[3].dtype = "U32";
  CHECK(refused(detail::checkpoint_bytes(bytes_part)) == "0.weight: expects F32, F64 or I64 but got U32");
}

TEST_CASE("positions and settings that nobody writes are refused") {
  const std::string at = R"({"epoch":0,"epochs":1,"batch":0,"batches":1,"steps":0,"finished":0})";
  CHECK(refused(with_texts(at, "[]")) == "nothing was refused");
  CHECK(refused(with_texts(at, R"(["a","b"])")) == "nothing was refused");
  CHECK(refused(with_texts(at, R"(["a"])")) == "has a setting without a value");
  CHECK(refused(with_texts(at, R"(["a","\u001b[2J"])")) == "has a setting with control characters");
  CHECK(refused(with_texts(at, "[1]")).starts_with("expects a string"));
  CHECK(refused(with_texts(at + " ", "[]]")).starts_with("expects nothing more"));
  CHECK(refused(with_texts("{}", "[]")) == "has a position with members that are unknown");
  CHECK(refused(with_texts(R"({"epoch":0,"epochs":1,"batch":0,"batches":1,"steps":0,"finished":2})", "[]")) == "has no valid finished");
  CHECK(refused(with_texts(R"({"epoch":9223372036854775808,"epochs":1,"batch":0,"batches":1,"steps":0,"finished":0})", "[]")) ==
        "has no valid epoch");
  CHECK(refused(with_texts(R"({"epoc":0,"epochs":1,"batch":0,"batches":1,"steps":0,"finished":0})", "[]")) == "has no valid epoch");
  CHECK(refused(with_texts(R"({"epoch":-1,"epochs":1,"batch":0,"batches":1,"steps":0,"finished":0})", "[]")).starts_with("expects an unsigned integer"));
}
