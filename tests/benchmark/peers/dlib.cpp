// Trains a workload with dlib: dlib <workload> <batch size>, then as serve.hpp says. dlib computes in float.

#include <dlib/dnn.h>
#include <dlib/revision.h>

#include "serve.hpp"

using dlib::fc, dlib::loss_multiclass_log, dlib::matrix, dlib::relu, dlib::sig;

template <long filters, int kernel, int padding, typename Below>
using conv = dlib::add_layer<dlib::con_<filters, kernel, kernel, 1, 1, padding, padding>, Below>;
template <typename Below>
using halved = dlib::max_pool<2, 2, 2, 2, Below>;
using picture = dlib::input<matrix<float>>;

using Seed8 = loss_multiclass_log<fc<10, halved<relu<conv<8, 3, 0, picture>>>>>;
using MnistDeep = loss_multiclass_log<fc<10, relu<fc<128, halved<relu<conv<64, 3, 0, halved<relu<conv<32, 3, 0, picture>>>>>>>>>>;
using LeNet = loss_multiclass_log<fc<10, relu<fc<84, relu<fc<120, halved<relu<conv<16, 5, 0, halved<relu<conv<6, 5, 2, picture>>>>>>>>>>>>;
using Mlp = loss_multiclass_log<fc<10, sig<fc<30, picture>>>>;

template <typename Net>
int train(std::size_t batch_size) {
  Net net;
  dlib::dnn_trainer<Net, dlib::sgd> trainer(net, dlib::sgd(0, 0));  // no weight decay, no momentum
  trainer.set_learning_rate(1e-3);
  trainer.set_learning_rate_shrink_factor(1);

  dlib::rand random(1);
  std::vector<std::vector<matrix<float>>> x(peers::batches, std::vector<matrix<float>>(batch_size));
  std::vector<std::vector<unsigned long>> y(peers::batches, std::vector<unsigned long>(batch_size));
  for (auto& batch : x)
    for (auto& one : batch) one = dlib::matrix_cast<float>(dlib::randm(28, 28, random));
  for (auto& batch : y)
    for (auto& label : batch) label = random.get_integer(10);

  const std::string version = std::to_string(DLIB_MAJOR_VERSION) + "." + std::to_string(DLIB_MINOR_VERSION);
  const auto steps = [&] {
    for (std::size_t i = 0; i < x.size(); ++i) trainer.train_one_step(x[i], y[i]);
    trainer.get_net();  // waits for the trainer's thread
    return peers::batches;
  };
  return peers::serve(version + ", float", [&](double seconds) { return peers::training_rate(steps, seconds); });
}

int main(int count, char** words) {
  if (count != 3) return peers::refuse("dlib: expects a workload and a batch size");
  const std::string workload = words[1];
  const auto batch_size = static_cast<std::size_t>(std::stoi(words[2]));
  if (workload == "seed8") return train<Seed8>(batch_size);
  if (workload == "mnist-deep") return train<MnistDeep>(batch_size);
  if (workload == "lenet") return train<LeNet>(batch_size);
  if (workload == "mlp") return train<Mlp>(batch_size);
  return peers::refuse("dlib: has no network '" + workload + "'");
}
