#pragma once

#include "../predictor.hpp"

namespace LAMINA_NAMESPACE {

template <typename T>
[[gnu::cold]] Predictor<T>::Predictor(const detail::InferenceModel<T>& model, const PredictorOptions& options)
    : of_(&model), views_(options.views) {
  InferenceOptions{.threads = options.threads}.check("Predictor");
  check_views();
  thread_pool_ = std::make_unique<ThreadPool>(options.threads);
  const detail::Arithmetic arithmetic = detail::arithmetic<T>("Predictor", options.winograd, options.precision);
  workers_.resize(static_cast<std::size_t>(options.threads));
  for (Worker& worker : workers_) {
    worker.memory = model.memory();
    worker.memory->arithmetic = arithmetic;
  }
}

template <typename T>
void Predictor<T>::run(detail::TensorRef<T> x, const Augmentation* view) {
  of_->check(x.extents());
  if (packed_for_ != of_->changes()) pack_weights();
  const Index N = x.extents()[0];
  const bool whole = thread_pool_->size() == 1 || N <= part;
  Worker& first = workers_[0];
  first.memory->thread_pool = whole && thread_pool_->size() > 1 ? thread_pool_.get() : nullptr;
  if (!whole) return share(x, view);
  if (view) copy_part(x, view, 0, N, first);
  of_->answer(view ? first.x.read() : x, *first.memory, y_);
}

template <typename T>
void Predictor<T>::check_views() const {
  if (!views_.empty() && of_->sample_extents().size() != 3)
    throw OptionError(str_cat("Predictor: .views are for images (H, W, C), but the model's samples are ",
                              detail::format_shape(of_->sample_extents())));
}

template <typename T>
void Predictor<T>::run_views(detail::TensorRef<T> x) {
  check_views();  // again: the model may have been assigned another network
  if (views_.empty()) {
    run(x, nullptr);
    return of_->to_probabilities(y_);
  }
  for (const Augmentation& view : views_) {
    run(x, &view);
    of_->to_probabilities(y_);
    if (&view == &views_.front()) {
      sum_ = y_;
    } else {
      for (Index i = 0; i < sum_.size(); ++i) sum_.data()[i] += y_.data()[i];
    }
  }
  for (Index i = 0; i < sum_.size(); ++i) y_.data()[i] = sum_.data()[i] / static_cast<T>(views_.size());
}

template <typename T>
void Predictor<T>::decide(detail::TensorRef<T> x) {
  if (views_.empty()) {
    run(x, nullptr);
    return of_->decide(y_, classes_);
  }
  run_views(x);
  of_->decide_probabilities(y_, classes_);
}

template <typename T>
void Predictor<T>::refuse_views() const {
  if (!views_.empty())
    throw OptionError("Predictor: .views give the mean of the probabilities: call probabilities(x) or classes(x)");
}

template <typename T>
[[gnu::cold]] void Predictor<T>::pack_weights() {
  std::vector<typename detail::InferenceModel<T>::Memory*> memories;
  for (Worker& worker : workers_) memories.push_back(worker.memory.get());
  of_->pack_weights(memories);
  packed_for_ = of_->changes();
}

template <typename T>
void Predictor<T>::share(detail::TensorRef<T> x, const Augmentation* view) {
  const Index N = x.extents()[0];
  reshape(y_, Shape<2>{{N, of_->outputs()}});
  const Index parts = (N + part - 1) / part;
  const auto infer = [&](Index worker, Index i) {
    infer_part(x, view, i * part, (std::min)((i + 1) * part, N), workers_[static_cast<std::size_t>(worker)]);
  };
  if (N <= largest_) return thread_pool_->parallel_for(parts, infer);
  // If there are more samples than before, all workers take part, so that each allocates its memory.
  thread_pool_->run([&](Index worker) {
    for (Index i = worker; i < parts; i += thread_pool_->size()) infer(worker, i);
  });
  largest_ = N;
}

template <typename T>
void Predictor<T>::copy_part(detail::TensorRef<T> x, const Augmentation* view, Index first, Index last, Worker& worker) {
  const auto sample = x.extents().subspan(1);
  const Index n = x.size() / (std::max)(x.extents()[0], Index{1});
  T* to = detail::reshape_samples(worker.x, last - first, sample);
  std::copy(x.data() + first * n, x.data() + last * n, to);
  if (!view || view->empty()) return;
  const Rng rng(static_cast<std::uint64_t>(view - views_.data()));
  for (Index i = first; i < last; ++i, to += n) {
    Canvas<T> image(to, Shape{sample[0], sample[1], sample[2]}, worker.room);
    (*view)(image, rng.split(static_cast<std::uint64_t>(i)));
    image.pixels();
  }
}

template <typename T>
void Predictor<T>::infer_part(detail::TensorRef<T> x, const Augmentation* view, Index first, Index last, Worker& worker) {
  copy_part(x, view, first, last, worker);
  const Index k = y_.dimension(1);
  of_->answer(worker.x.read(), *worker.memory, worker.y);
  std::copy(worker.y.data(), worker.y.data() + worker.y.size(), y_.data() + first * k);
}

}  // namespace lamina
