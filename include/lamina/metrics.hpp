#pragma once

/// @file
/// Metrics beyond accuracy: reports per class, ROC and precision-recall curves, calibration, kappa, log loss.

#include "lamina.hpp"
#include "metrics/agreement.hpp"
#include "metrics/brier_score.hpp"
#include "metrics/calibration.hpp"
#include "metrics/classification_report.hpp"
#include "metrics/detailed_report.hpp"
#include "metrics/label_report.hpp"
#include "metrics/log_loss.hpp"
#include "metrics/precision_recall.hpp"
#include "metrics/roc.hpp"
#include "metrics/specificity.hpp"
#include "training/evaluate_labels.hpp"
