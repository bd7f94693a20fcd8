#include <lamina/core/thread_pool.hpp>
#include <lamina/core/random.hpp>
#include <lamina/core/tensor.hpp>

using namespace lamina;

void take_tensor(const Tensor<float, 2>&);
void take_thread_pool(ThreadPool&);
void take_generator(Rng);

void take_tensor(const Tensor<float, 2>&) {}
void take_thread_pool(ThreadPool&) {}
void take_generator(Rng) {}
