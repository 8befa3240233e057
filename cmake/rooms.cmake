# hearth_room(NAME [LIBRARIES lib...] [PRIVATE_LIBRARIES lib...] [FUZZED source...])
#
# Makes the library hearth_NAME of the folder's *.cpp files, the test program NAME_test of its *_test.cpp files, and,
# in the fuzz preset, one program per *_fuzz.cpp file. A file belongs to its room by lying in its folder. The fuzz preset
# leaves out what no fuzzer calls and is slow to build with sanitizers: the operations, and of a room that names FUZZED
# sources all others.
function(hearth_room name)
  cmake_parse_arguments(ROOM "" "" "LIBRARIES;PRIVATE_LIBRARIES;FUZZED" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  file(GLOB tests CONFIGURE_DEPENDS *_test.cpp)
  file(GLOB fuzzers CONFIGURE_DEPENDS *_fuzz.cpp)
  if(tests)
    list(REMOVE_ITEM sources ${tests})
  endif()
  if(fuzzers)
    list(REMOVE_ITEM sources ${fuzzers})
  endif()

  if(HEARTH_FUZZ)
    list(FILTER sources EXCLUDE REGEX "operations\\.cpp$")
    if(ROOM_FUZZED)
      set(sources ${ROOM_FUZZED})
    endif()
  endif()

  add_library(hearth_${name} STATIC ${sources})
  hearth_warnings(hearth_${name})
  target_include_directories(hearth_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(hearth_${name} PUBLIC ${ROOM_LIBRARIES} PRIVATE ${ROOM_PRIVATE_LIBRARIES})
  hearth_precompile(hearth_${name})

  if(HEARTH_FUZZ)
    foreach(fuzzer ${fuzzers})
      get_filename_component(stem ${fuzzer} NAME_WE)
      add_executable(${stem} ${fuzzer})
      hearth_warnings(${stem})
      target_link_libraries(${stem} PRIVATE hearth_${name} ${ROOM_PRIVATE_LIBRARIES})
      hearth_precompile(${stem})
      target_link_options(${stem} PRIVATE -fsanitize=fuzzer)
    endforeach()
  elseif(tests)
    add_executable(${name}_test ${tests})
    hearth_warnings(${name}_test)
    target_link_libraries(${name}_test PRIVATE hearth_${name} ${ROOM_PRIVATE_LIBRARIES} GTest::gmock_main)
    hearth_precompile_test(${name}_test)
    add_test(NAME ${name} COMMAND ${name}_test)
  endif()
endfunction()

function(hearth_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                                           -Wno-gnu-statement-expression-from-macro-expansion
                                           -Wno-missing-field-initializers -Werror -fcolor-diagnostics)
  target_compile_definitions(${target} PRIVATE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_ARRAY)
endfunction()

# One precompiled header, made once by hearth_base and used by every room; one for the tests, which has gmock too, made by
# base_test.
function(hearth_precompile target)
  hearth_precompile_by(hearth_base ${target} ${CMAKE_SOURCE_DIR}/src/base/precompiled.h)
endfunction()
function(hearth_precompile_test target)
  # What a test does once need not be fast; that it is built fast is felt.
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O0>)
  hearth_precompile_by(base_test ${target} ${CMAKE_SOURCE_DIR}/src/base/precompiled.h <gmock/gmock.h>)
endfunction()
function(hearth_precompile_by maker target)
  if(target STREQUAL maker)
    target_precompile_headers(${target} PRIVATE ${ARGN})
  else()
    target_precompile_headers(${target} REUSE_FROM ${maker})
  endif()
  target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
endfunction()
