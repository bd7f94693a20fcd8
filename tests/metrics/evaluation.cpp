#include <lamina/metrics/evaluation.hpp>
#include <sstream>

#include "../catch.hpp"

using namespace lamina;
using Classes = std::vector<std::int32_t>;

TEST_CASE("an evaluation prints its accuracy, its mean loss, the report and the confusion matrix") {
  Evaluation evaluation{Classes{0, 0, 1, 1}, Classes{0, 0, 1, 0}, {"cat", "dog"}};
  evaluation.mean_loss = 0.28125;
  std::ostringstream out;
  out << evaluation;
  CHECK(out.str() ==
        R"(accuracy 0.7500 (3 of 4)
mean loss 0.2812

              precision    recall  f1-score   support

         cat       0.67      1.00      0.80         2
         dog       1.00      0.50      0.67         2

    accuracy                           0.75         4
   macro avg       0.83      0.75      0.73         4
weighted avg       0.83      0.75      0.73         4

confusion matrix (rows: true class, columns: predicted class)
     cat  dog
cat    2    0
dog    1    1
)");
}

TEST_CASE("an evaluation says how many of how many, with thousands set apart, and no loss where there is none") {
  ConfusionMatrix confusion{2};
  for (int i = 0; i < 9912; ++i) confusion.add(0, 0);
  for (int i = 0; i < 88; ++i) confusion.add(1, 0);
  std::ostringstream out;
  out << Evaluation{confusion};
  CHECK(out.str().substr(0, 50) == "accuracy 0.9912 (9,912 of 10,000)\n\n              p");
}

TEST_CASE("an evaluation of nothing, of unequal numbers or of unnamed classes is refused") {
  CHECK_THROWS_AS((Evaluation{Classes{}, Classes{}, {"cat"}}), DataError);
  CHECK_THROWS_WITH((Evaluation{Classes{}, Classes{}, {"cat"}}),
                    "Evaluation: expects at least one sample but got none");
  CHECK_THROWS_AS((Evaluation{Classes{0}, Classes{0, 0}, {"cat"}}), ShapeError);
  CHECK_THROWS_AS((Evaluation{Classes{1}, Classes{0}, {"cat"}}), DataError);
}
