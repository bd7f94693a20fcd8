#include <lamina/training/monitor.hpp>

#include "../catch.hpp"
#include "../refusal.hpp"

using namespace lamina;

TEST_CASE("a monitor reads its own figure, of which a loss should fall and an accuracy rise") {
  const EpochRecord record{.loss = 1, .accuracy = 2, .validation_loss = 3, .validation_accuracy = 4};
  CHECK(detail::monitored(record, Monitor::loss) == 1);
  CHECK(detail::monitored(record, Monitor::accuracy) == 2);
  CHECK(detail::monitored(record, Monitor::validation_loss) == 3);
  CHECK(detail::monitored(record, Monitor::validation_accuracy) == 4);
  CHECK((!detail::rises(Monitor::loss) && !detail::rises(Monitor::validation_loss)));
  CHECK((detail::rises(Monitor::accuracy) && detail::rises(Monitor::validation_accuracy)));
}

TEST_CASE("an accuracy of numbers is refused as a monitor") {
  const auto refused = [](Monitor monitor, bool training, bool validation) {
    return refusal<OptionError>([&] { detail::check_accuracy("Who", monitor, training, validation); });
  };
  CHECK(refused(Monitor::accuracy, true, false) ==
        "Who: needs the accuracy but the targets of the training set are numbers, which have none; give .monitor = "
        "Monitor::loss");
  CHECK(refused(Monitor::validation_accuracy, false, true) ==
        "Who: needs the accuracy but the targets of the validation set are numbers, which have none; give .monitor = "
        "Monitor::validation_loss");
  CHECK_NOTHROW(detail::check_accuracy("Who", Monitor::accuracy, false, true));
  CHECK_NOTHROW(detail::check_accuracy("Who", Monitor::validation_accuracy, true, false));
  CHECK_NOTHROW(detail::check_accuracy("Who", Monitor::loss, true, true));
  CHECK_NOTHROW(detail::check_accuracy("Who", Monitor::validation_loss, true, true));
}

TEST_CASE("a monitor of the validation set wants one") {
  const auto refused = [](Monitor monitor, bool has) {
    return refusal<OptionError>([&] { detail::check_monitor("Who", monitor, has); });
  };
  CHECK(refused(Monitor::validation_loss, false) ==
        "Who: needs the validation set but fit got none; give .validation, or .monitor = Monitor::loss");
  CHECK(refused(Monitor::validation_accuracy, false) ==
        "Who: needs the validation set but fit got none; give .validation, or .monitor = Monitor::accuracy");
  CHECK_NOTHROW(detail::check_monitor("Who", Monitor::validation_loss, true));
  CHECK_NOTHROW(detail::check_monitor("Who", Monitor::loss, false));
  CHECK_NOTHROW(detail::check_monitor("Who", Monitor::accuracy, false));
}
