// One half of a program whose files do not agree on how lamina is compiled: see takes.cpp.
#include <lamina/core/thread_pool.hpp>
#include <lamina/core/random.hpp>
#include <lamina/core/tensor.hpp>

using namespace lamina;

void take_tensor(const Tensor<float, 2>& x);
void take_thread_pool(ThreadPool& thread_pool);
void take_generator(Rng rng);

int main() {
  const Tensor<float, 2> x(2, 3);
  ThreadPool thread_pool(1);
  take_tensor(x);
  take_thread_pool(thread_pool);
  take_generator(Rng{1});
}
