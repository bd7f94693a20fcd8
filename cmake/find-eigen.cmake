# Finds Eigen from 3.4 up to, but not including, 6, and sets lamina_eigen_found. Used while building lamina and by its
# installed package. The look-up names no version: Eigen 3.4's version file knows no range that reaches 5, and
# Eigen 5's refuses a plain 3.4.
set(lamina_eigen_found FALSE)
if(TARGET Eigen3::Eigen)
  set(lamina_eigen_found TRUE)
else()
  find_package(Eigen3 CONFIG QUIET)
  if(TARGET Eigen3::Eigen AND Eigen3_VERSION VERSION_GREATER_EQUAL 3.4 AND Eigen3_VERSION VERSION_LESS 6)
    set(lamina_eigen_found TRUE)
  endif()
endif()
