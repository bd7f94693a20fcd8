#pragma once

#include "../predictor.hpp"

namespace LAMINA_NAMESPACE {

template <typename T>
[[gnu::cold]] Predictor<T>::Predictor(const detail::Answers<T>& of, const BasicModel<T>* model,
                                      const PredictorOptions& options)
    : of_(&of), model_(model) {
  if (options.threads < 1) throw OptionError(message("Predictor: expects threads of at least 1 but got ", options.threads));
  crew_ = std::make_unique<Crew>(options.threads);
  workers_.resize(static_cast<std::size_t>(options.threads));
  for (Worker& worker : workers_) {
    worker.memory = of.memory();
    worker.memory->winograd = options.winograd;
  }
}

template <typename T>
void Predictor<T>::run(detail::TensorRef<T> x) {
  of_->check(x.extents());
  if (model_ && prepared_for_ != model_->changes()) prepare();
  const Index N = x.extents()[0];
  const bool whole = crew_->size() == 1 || N <= part;
  workers_[0].memory->crew = whole && crew_->size() > 1 ? crew_.get() : nullptr;
  if (whole)
    of_->answer(x, *workers_[0].memory, y_);
  else
    share(x);
}

template <typename T>
[[gnu::cold]] void Predictor<T>::prepare() {
  const auto memory = [](Worker& worker) -> typename BasicModel<T>::Workspace& {
    return BasicModel<T>::workspace(*worker.memory);
  };
  const detail::Program<T>& program = model_->program();
  memory(workers_[0]).winograd = workers_[0].memory->winograd;
  program.make_ready(memory(workers_[0]));
  Turns all{.worker = 0, .workers = 1};
  program.prepare(model_->parameters().of_layers(), memory(workers_[0]), all);
  for (Worker& worker : workers_) program.share_prepared(memory(workers_[0]), memory(worker));
  prepared_for_ = model_->changes();
}

template <typename T>
void Predictor<T>::share(detail::TensorRef<T> x) {
  const Index N = x.extents()[0];
  reshape(y_, Shape<2>{{N, of_->outputs()}});
  const Index parts = (N + part - 1) / part;
  const auto infer = [&](Index worker, Index i) {
    infer_part(x, i * part, std::min((i + 1) * part, N), workers_[static_cast<std::size_t>(worker)]);
  };
  if (N <= largest_) return crew_->share(parts, infer);
  // With more samples than before every worker comes, so that each has claimed its memory.
  crew_->run([&](Index worker) {
    for (Index i = worker; i < parts; i += crew_->size()) infer(worker, i);
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
