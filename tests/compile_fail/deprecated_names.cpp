// Names of earlier versions: they serve, and the compiler's warning tells the new ones.
// first: RunFolder is called CheckpointFolder now
// expect: card_of(set) is called metadata_of(set) now
// flag: -Werror=deprecated-declarations
#include <lamina/checkpoint.hpp>

using namespace lamina;

void run(const Dataset<3>& train, BasicModel<float>& model) {
#ifdef CONTROL
  CheckpointFolder folder{"runs"};
  save(model, "net.safetensors", metadata_of(train));
#else
  RunFolder folder{"runs"};
  save(model, "net.safetensors", card_of(train));
#endif
  Trainer{SoftmaxCrossEntropy{}, SGD{}}.fit(model, train, {.checkpoint = folder});
}
