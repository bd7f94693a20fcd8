// Infers an ONNX file with ONNX Runtime's C API: onnxruntime <file> <threads> <extents, as 1,3,224,224>, then as serve.hpp says.
//
// The session keeps its input and output: what is timed is one call of Run.

#include <onnxruntime_c_api.h>

#include <functional>
#include <numeric>
#include <random>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "serve.hpp"

namespace {

const OrtApi* api = nullptr;

/// Throws what an error says.
void check(OrtStatus* status) {
  if (!status) return;
  const std::string message = api->GetErrorMessage(status);
  api->ReleaseStatus(status);
  throw std::runtime_error(message);
}

std::vector<std::int64_t> read_extents(const std::string& text) {
  std::vector<std::int64_t> extents;
  std::istringstream stream(text);
  for (std::string word; std::getline(stream, word, ',');) extents.push_back(std::stoll(word));
  return extents;
}

int infer(const char* file, int threads, const std::vector<std::int64_t>& extents) {
  OrtEnv* environment = nullptr;
  OrtSessionOptions* options = nullptr;
  OrtSession* session = nullptr;
  check(api->CreateEnv(ORT_LOGGING_LEVEL_ERROR, "compare", &environment));
  check(api->CreateSessionOptions(&options));
  check(api->SetIntraOpNumThreads(options, threads));
  check(api->SetSessionGraphOptimizationLevel(options, ORT_ENABLE_ALL));
  check(api->AddFreeDimensionOverrideByName(options, "N", extents.front()));
  check(api->CreateSession(environment, file, options, &session));

  const auto size = std::accumulate(extents.begin(), extents.end(), std::int64_t{1}, std::multiplies<>());
  std::vector<float> pixels(static_cast<std::size_t>(size));
  std::mt19937 random(1);
  for (float& pixel : pixels) pixel = std::uniform_real_distribution<float>(0, 1)(random);
  OrtMemoryInfo* memory = nullptr;
  OrtValue *x = nullptr, *y = nullptr;  // the first Run makes y, the others write to it
  check(api->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory));
  check(api->CreateTensorWithDataAsOrtValue(memory, pixels.data(), pixels.size() * sizeof(float), extents.data(),
                                            extents.size(), ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &x));
  const char *input = "input", *output = "output";
  const std::string version = OrtGetApiBase()->GetVersionString();
  const auto run = [&] { check(api->Run(session, nullptr, &input, &x, 1, &output, 1, &y)); };
  return peers::serve(version + ", float", [&](double seconds) { return 1 / bench::time_of(run, seconds); });
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) return peers::refuse("onnxruntime: expects a file, threads and extents");
  api = OrtGetApiBase()->GetApi(ORT_API_VERSION);
  if (!api) return peers::refuse("onnxruntime: the library is older than its header");
  try {
    return infer(words[1], std::stoi(words[2]), read_extents(words[3]));
  } catch (const std::exception& error) {
    return peers::refuse(error.what());
  }
}
