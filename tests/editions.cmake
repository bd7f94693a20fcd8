# Tests named editions/<edition>/<module>: a whole test program with LAMINA_EDITION set. The fastest edition is what all
# other tests run on. Not under sanitizers: there the kernels' own tests go through the editions, one by one.
set(modules_on_editions contract integration io kernels layers losses models optimizers reference testing training)
# What reads all of MNIST or starts other programs has been run on the fastest.
set(not_on_editions "~[#real_mnist]~[#real_mnist_drawn]~[#torch_exchange]")

# What this machine offers, as Linux has it, and what each edition needs.
set(cpu_flags "")
if(EXISTS /proc/cpuinfo)
  file(STRINGS /proc/cpuinfo cpu_flags REGEX "^flags" LIMIT_COUNT 1)
  separate_arguments(cpu_flags)
endif()
set(avx512_needs avx512f avx512vl avx512bw avx512dq fma)
set(avx2_needs avx2 fma)
set(baseline_needs "")

# lamina_why_not(<edition> <variable>): why an edition cannot be tested here, or nothing.
function(lamina_why_not edition variable)
  set(why "")
  foreach(flag IN LISTS ${edition}_needs)
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
foreach(edition IN ITEMS avx512 avx2 baseline)
  lamina_why_not(${edition} why)
  if(why)
    add_test(NAME editions/${edition} COMMAND "${CMAKE_COMMAND}" -E echo "skipped: editions/${edition}: ${why}")
    set_tests_properties(editions/${edition} PROPERTIES SKIP_REGULAR_EXPRESSION "${skip_line}")
  elseif(NOT fastest)
    set(fastest ${edition})
  elseif(NOT LAMINA_SANITIZE)
    foreach(module IN LISTS modules_on_editions)
      add_test(NAME editions/${edition}/${module}
        COMMAND lamina_test_${module} --filenames-as-tags --warn NoTests "${not_on_editions}")
      set_tests_properties(editions/${edition}/${module} PROPERTIES ENVIRONMENT LAMINA_EDITION=${edition})
    endforeach()
  endif()
endforeach()

# A processor that is 64-bit x86 and no more, played by qemu: no instruction may come that it does not know.
find_program(LAMINA_QEMU NAMES qemu-x86_64 DOC "qemu-user: plays a plain x86-64 in one test")
if(LAMINA_QEMU AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND NOT CMAKE_CXX_FLAGS MATCHES "-march|-mavx" AND NOT LAMINA_SANITIZE)
  add_test(NAME editions/plain_x86_64 COMMAND "${LAMINA_QEMU}" -cpu qemu64
    $<TARGET_FILE:lamina_test_reference> --filenames-as-tags --warn NoTests "[#lenet],[#layers]")
elseif(NOT LAMINA_SANITIZE)
  add_test(NAME editions/plain_x86_64 COMMAND "${CMAKE_COMMAND}" -E echo
    "skipped: editions/plain_x86_64: there is no qemu-x86_64 (qemu-user), or this is no plain x86-64 build")
  set_tests_properties(editions/plain_x86_64 PROPERTIES SKIP_REGULAR_EXPRESSION "${skip_line}")
endif()
