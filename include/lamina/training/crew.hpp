#pragma once

#include "../core/crew.hpp"
