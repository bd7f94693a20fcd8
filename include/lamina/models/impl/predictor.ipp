#pragma once

#include "../predictor.hpp"

namespace LAMINA_NAMESPACE {

template <typename T>
[[gnu::cold]] Predictor<T>::Predictor(const detail::InferenceModel<T>& model, const InferenceOptions& options)
    : of_(&model) {
  options.check("Predictor");
  thread_pool_ = std::make_unique<ThreadPool>(options.threads);
  workers_.resize(static_cast<std::size_t>(options.threads));
  for (Worker& worker : workers_) {
    worker.memory = model.memory();
    worker.memory->winograd = options.winograd;
  }
}

template <typename T>
void Predictor<T>::run(detail::TensorRef<T> x) {
  of_->check(x.extents());
  if (packed_for_ != of_->changes()) pack_weights();
  const Index N = x.extents()[0];
  const bool whole = thread_pool_->size() == 1 || N <= part;
  workers_[0].memory->thread_pool = whole && thread_pool_->size() > 1 ? thread_pool_.get() : nullptr;
  if (whole)
    of_->answer(x, *workers_[0].memory, y_);
  else
    share(x);
}

template <typename T>
[[gnu::cold]] void Predictor<T>::pack_weights() {
  std::vector<typename detail::InferenceModel<T>::Memory*> memories;
  for (Worker& worker : workers_) memories.push_back(worker.memory.get());
  of_->pack_weights(memories);
  packed_for_ = of_->changes();
}

template <typename T>
void Predictor<T>::share(detail::TensorRef<T> x) {
  const Index N = x.extents()[0];
  reshape(y_, Shape<2>{{N, of_->outputs()}});
  const Index parts = (N + part - 1) / part;
  const auto infer = [&](Index worker, Index i) {
    infer_part(x, i * part, (std::min)((i + 1) * part, N), workers_[static_cast<std::size_t>(worker)]);
  };
  if (N <= largest_) return thread_pool_->parallel_for(parts, infer);
  // If there are more samples than before, all workers take part, so that each allocates its memory.
  thread_pool_->run([&](Index worker) {
    for (Index i = worker; i < parts; i += thread_pool_->size()) infer(worker, i);
  });
  largest_ = N;
}

template <typename T>
void Predictor<T>::infer_part(detail::TensorRef<T> x, Index first, Index last, Worker& worker) {
  const auto sample = x.extents().subspan(1);
  const Index n = x.size() / x.extents()[0], k = y_.dimension(1);
  std::copy(x.data() + first * n, x.data() + last * n, detail::reshape_samples(worker.x, last - first, sample));
  of_->answer(worker.x.read(), *worker.memory, worker.y);
  std::copy(worker.y.data(), worker.y.data() + worker.y.size(), y_.data() + first * k);
}

}  // namespace lamina
