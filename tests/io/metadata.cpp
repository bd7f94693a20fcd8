#include <lamina/data/measure_normalisation.hpp>
#include <lamina/data/target_normalisation.hpp>
#include <lamina/io/saved_model.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/models/sequential.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"
#include "../data/scratch.hpp"

using namespace lamina;

namespace {

auto small(std::uint64_t seed = 1) { return Model{Sequential{Dense{.units = 2}}, Shape{3}, Rng{seed}}; }

/// A file of `small` with this metadata.
std::vector<std::byte> with(const std::string& key, const std::string& value) {
  auto model = small();
  const auto plain = save_bytes(model);
  detail::SafeTensors file = detail::parse_safetensors(plain);
  file.metadata[key] = value;
  const std::string header = detail::format_safetensors_header(file);
  std::vector<std::byte> bytes(header.size());
  std::memcpy(bytes.data(), header.data(), header.size());
  bytes.insert(bytes.end(), plain.begin() + static_cast<std::ptrdiff_t>(file.numbers), plain.end());
  return bytes;
}

std::string why(const std::string& key, const std::string& value) {
  auto model = small(7);
  const auto before = model.parameters();
  const std::string text = refusal<DataError>([&] { load_bytes(model, with(key, value)); });
  visit_parameters([](const auto& a, const auto& b) { CHECK(std::equal(a.data(), a.data() + a.size(), b.data())); },
                   before, model.parameters());
  return text;
}

}  // namespace

TEST_CASE("normalisation and class names are saved with a model and come back to the bit") {
  const Scratch scratch("card");
  Dataset<1> train{std::vector<float>{0.1F, 5, -3, 0.7F, 6, -3.3F, 0.2F, 9, -1},
                   Shape{3},
                   std::vector<std::int32_t>{0, 1, 1},
                   {.class_names = {"kät\"chen\"", "hund\n\\"}}};
  train.normalise(measure_normalisation(train));
  save(small(), scratch.path / "m.safetensors", metadata_of(train));
  auto loaded = small(2);
  for (const Metadata& metadata :
       {Metadata(load(loaded, scratch.path / "m.safetensors")), read_metadata(scratch.path / "m.safetensors")}) {
    CHECK(metadata.normalisation.mean == train.normalisation().mean);
    CHECK(metadata.normalisation.deviation == train.normalisation().deviation);
    CHECK(metadata.class_names == train.class_names());
    CHECK(metadata.version == library_version);
  }
  CHECK(train.normalisation().mean.size() == 3);
}

TEST_CASE("the normalisation of targets is saved with a model and comes back to the bit") {
  const Scratch scratch("card");
  Tensor<float, 2> y(3, 2);
  y.setValues({{0.1F, 1}, {0.7F, 2}, {-0.3F, 4}});
  Dataset<1> train{std::vector<float>{0.1F, 5, -3, 0.7F, 6, -3.3F, 0.2F, 9, -1}, Shape{3}, y};
  train.normalise_targets(measure_target_normalisation(train));
  save(small(), scratch.path / "m.safetensors", metadata_of(train));
  auto loaded = small(2);
  for (const Metadata& metadata :
       {Metadata(load(loaded, scratch.path / "m.safetensors")), read_metadata(scratch.path / "m.safetensors")}) {
    CHECK(metadata.target_normalisation.mean == train.target_normalisation().mean);
    CHECK(metadata.target_normalisation.deviation == train.target_normalisation().deviation);
    CHECK(metadata.target_normalisation.mean.size() == 2);
    CHECK(metadata.normalisation.mean == std::vector<double>{0});
  }
  auto test = train;
  test.normalise_targets(read_metadata(scratch.path / "m.safetensors").target_normalisation);

  CHECK(why("lamina.target_normalisation", "{\"deviation\":[\"0\"]}") ==
        "its metadata is damaged: metadata: expects a finite deviation of the targets above 0 but got 0");
  CHECK(why("lamina.target_normalisation", "{\"other\":[]}").find("\"other\" that is unknown") != std::string::npos);
  CHECK(why("lamina.target_normalisation", R"({"mean":["1","2","3"],"deviation":["1","2","3"]})") ==
        "its metadata is not of this model: metadata: expects one mean and one deviation for all targets, or one for "
        "each of the 2, but got 3 and 3");
  CHECK(refusal<OptionError>([] { save_bytes(small(), {.target_normalisation = {.mean = {1, 2, 3}}}); }) ==
        "metadata: expects one mean and one deviation for all targets, or one for each of the 2, but got 3 and 1");
}

TEST_CASE("a model saved without metadata has the file that it always had, and empty metadata") {
  auto model = small();
  CHECK(save_bytes(model) == save_bytes(model, Metadata{}));
  CHECK(detail::parse_safetensors(save_bytes(model)).metadata.count("lamina.class_names") == 0);
  CHECK(detail::parse_safetensors(save_bytes(model)).metadata.count("lamina.normalisation") == 0);
  CHECK(detail::parse_safetensors(save_bytes(model)).metadata.count("lamina.target_normalisation") == 0);
  const Metadata metadata = load_bytes(model, save_bytes(model));
  CHECK(metadata.normalisation.mean == std::vector<double>{0});
  CHECK(metadata.normalisation.deviation == std::vector<double>{1});
  CHECK(metadata.class_names.empty());
}

TEST_CASE("metadata that is damaged is refused, the model untouched") {
  CHECK(why("lamina.class_names", "[\"a\"").find("its metadata is damaged: ") == 0);
  CHECK(why("lamina.class_names", "{}").find("its metadata is damaged: ") == 0);
  CHECK(why("lamina.normalisation", "{\"mean\":[\"x\"]}") ==
        "its metadata is damaged: expects a number but got \"x\"");
  CHECK(why("lamina.normalisation", "{\"mean\":[\"1 2\"]}").find("expects a number but got") != std::string::npos);
  CHECK(why("lamina.normalisation", "{\"mean\":[\"nan\"]}").find("its metadata is damaged: ") == 0);
  CHECK(why("lamina.normalisation", "{\"deviation\":[\"0\"]}").find("expects a deviation above 0") !=
        std::string::npos);
  CHECK(why("lamina.normalisation", "{\"mean\":[]}").find("its metadata is damaged: ") == 0);
  CHECK(why("lamina.normalisation", "{\"mean\":[\"1\",\"2\"],\"deviation\":[\"1\",\"2\",\"3\"]}")
            .find("its metadata is damaged: ") == 0);
  CHECK(why("lamina.normalisation", "{\"other\":[]}").find("\"other\" that is unknown") != std::string::npos);
}

TEST_CASE("metadata of another model is refused, but not when the file is loaded for fine-tuning") {
  CHECK(why("lamina.class_names", R"(["a","b","c"])") ==
        "its metadata is not of this model: metadata: expects 2 class names, one for each output, but got 3");
  CHECK(why("lamina.normalisation", R"({"mean":["1","2"],"deviation":["1","2"]})").find("each of the 3 channels") != std::string::npos);
  auto model = small();
  const auto loaded = load_bytes(model, with("lamina.class_names", R"(["a","b","c"])"), {.strict = false});
  CHECK(loaded.class_names.size() == 3);
}

TEST_CASE("metadata that cannot be is not saved") {
  CHECK(refusal<OptionError>([] {
          save_bytes(small(), {.normalisation = {.deviation = {0}}});
        }).find("expects a deviation above 0 but got 0") != std::string::npos);
  CHECK(refusal<DataError>([] {
          save_bytes(small(), {.class_names = {"ok", "\xFF"}});
        }).find("expects names in UTF-8") == 0);
}
