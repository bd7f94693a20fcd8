# Adds tests named instruction_sets/<instruction set>/<module>: a whole test program with LAMINA_ISA set. All other tests use
# the fastest instruction set. None is added under sanitizers, where the kernels' own tests try every instruction set.
set(modules_on_instruction_sets contract integration io kernels layers losses models optimizers reference testing training)
# Tests that read all of MNIST or start other programs run with the fastest instruction set only.
set(not_on_instruction_sets "~[#real_mnist]~[#real_mnist_drawn]~[#torch_exchange]")

# The features of this machine's processor, as Linux reports them, and those that each instruction set needs.
set(cpu_flags "")
if(EXISTS /proc/cpuinfo)
  file(STRINGS /proc/cpuinfo cpu_flags REGEX "^flags" LIMIT_COUNT 1)
  separate_arguments(cpu_flags)
endif()
set(avx512_needs avx512f avx512vl avx512bw avx512dq fma)
set(avx2_needs avx2 fma)
set(baseline_needs "")

# lamina_why_not(<instruction_set> <variable>): sets the reason why an instruction set cannot be tested here, or nothing.
function(lamina_why_not instruction_set variable)
  set(why "")
  foreach(flag IN LISTS ${instruction_set}_needs)
    if(NOT flag IN_LIST cpu_flags)
      set(why "this machine cannot run it")
    endif()
  endforeach()
  if(NOT why AND CMAKE_CXX_FLAGS MATCHES "-march|-mavx")
    set(why "CMAKE_CXX_FLAGS may leave it out")
  endif()
  set(${variable} "${why}" PARENT_SCOPE)
endfunction()

set(fastest "")
foreach(instruction_set IN ITEMS avx512 avx2 baseline)
  lamina_why_not(${instruction_set} why)
  if(why)
    add_test(NAME instruction_sets/${instruction_set} COMMAND "${CMAKE_COMMAND}" -E echo "skipped: instruction_sets/${instruction_set}: ${why}")
    set_tests_properties(instruction_sets/${instruction_set} PROPERTIES SKIP_REGULAR_EXPRESSION "${skip_line}")
  elseif(NOT fastest)
    set(fastest ${instruction_set})
  elseif(NOT LAMINA_SANITIZE)
    foreach(module IN LISTS modules_on_instruction_sets)
      add_test(NAME instruction_sets/${instruction_set}/${module}
        COMMAND lamina_test_${module} --filenames-as-tags --warn NoTests "${not_on_instruction_sets}")
      set_tests_properties(instruction_sets/${instruction_set}/${module} PROPERTIES ENVIRONMENT LAMINA_ISA=${instruction_set})
    endforeach()
  endif()
endforeach()

# Runs tests on a plain 64-bit x86 processor, emulated by qemu, which has no other instructions.
find_program(LAMINA_QEMU NAMES qemu-x86_64 DOC "qemu-user: plays a plain x86-64 in one test")
if(LAMINA_QEMU AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND NOT CMAKE_CXX_FLAGS MATCHES "-march|-mavx" AND NOT LAMINA_SANITIZE)
  add_test(NAME instruction_sets/plain_x86_64 COMMAND "${LAMINA_QEMU}" -cpu qemu64
    $<TARGET_FILE:lamina_test_reference> --filenames-as-tags --warn NoTests "[#lenet],[#layers]")
elseif(NOT LAMINA_SANITIZE)
  add_test(NAME instruction_sets/plain_x86_64 COMMAND "${CMAKE_COMMAND}" -E echo
    "skipped: instruction_sets/plain_x86_64: there is no qemu-x86_64 (qemu-user), or this is no plain x86-64 build")
  set_tests_properties(instruction_sets/plain_x86_64 PROPERTIES SKIP_REGULAR_EXPRESSION "${skip_line}")
endif()
