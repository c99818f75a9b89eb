# Compiler settings shared by every target, and the helpers that declare a layer and its tests.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)

# Presets that build from scratch (release, asan) set CMAKE_UNITY_BUILD: it saves a third of the time. Names in anonymous
# namespaces must then differ within a folder, or a source says SKIP_UNITY_BUILD_INCLUSION.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 6)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# Not exported: users of the library compile under their own warnings.
add_library(faultline_warnings INTERFACE)
target_compile_options(faultline_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wnull-dereference -Wdouble-promotion -Wformat=2 -Wimplicit-fallthrough)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # -Wrestrict is false at -O3 in g++ 12; -Wsubobject-linkage takes the sources of a unity build for headers.
  target_compile_options(faultline_warnings INTERFACE -Wsuggest-override -Wno-restrict -Wno-subobject-linkage)
else()
  # clang counts an operator's float parameters in kernels that are instantiated for double.
  target_compile_options(faultline_warnings INTERFACE -Wno-double-promotion)
endif()
if(FAULTLINE_WARNINGS_AS_ERRORS)
  target_compile_options(faultline_warnings INTERFACE -Werror)
endif()

if(FAULTLINE_SANITIZE)
  add_compile_options(-fsanitize=${FAULTLINE_SANITIZE} -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${FAULTLINE_SANITIZE})
endif()

# faultline_layer(NAME SOURCES ... PUBLIC ... PRIVATE ...)
#   One folder of src/ as the static library faultline_NAME, alias faultline::NAME.
function(faultline_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(faultline_${name} STATIC ${ARG_SOURCES})
  add_library(faultline::${name} ALIAS faultline_${name})
  target_include_directories(faultline_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(faultline_${name} PUBLIC ${ARG_PUBLIC}
                        PRIVATE ${ARG_PRIVATE} $<BUILD_INTERFACE:faultline_warnings>)
endfunction()

# faultline_page(LAYER PREFIX)
#   web/dist/LAYER.js and .css as the arrays PREFIXScript and PREFIXStyle of faultline::LAYER, declared in LAYER/bundle.h, in
#   LAYER_script.cc and LAYER_style.cc of the layer's build folder.
function(faultline_page layer prefix)
  foreach(part "script;js;Script" "style;css;Style")
    list(GET part 0 name)
    list(GET part 1 suffix)
    list(GET part 2 variable)
    set(input ${PROJECT_SOURCE_DIR}/web/dist/${layer}.${suffix})
    set(output ${CMAKE_CURRENT_BINARY_DIR}/${layer}_${name}.cc)
    set(script ${PROJECT_SOURCE_DIR}/cmake/faultline_embed.cmake)
    add_custom_command(OUTPUT ${output}
      COMMAND ${CMAKE_COMMAND} -DINPUT=${input} -DOUTPUT=${output} -DLAYER=${layer} -DNAME=${prefix}${variable} -P ${script}
      DEPENDS ${input} ${script}
      VERBATIM)
  endforeach()
endfunction()

# faultline_test(NAME SOURCES ... LIBRARIES ... [LABELS ...])
#   A GoogleTest binary NAME_test, run by ctest as one test; it sees its own sources through FAULTLINE_SOURCE_DIR.
function(faultline_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES;LABELS" ${ARGN})
  add_executable(${name}_test ${ARG_SOURCES})
  set_target_properties(${name}_test PROPERTIES UNITY_BUILD OFF)
  target_include_directories(${name}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name}_test PRIVATE FAULTLINE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                             FAULTLINE_BINARY_DIR="${PROJECT_BINARY_DIR}")
  target_link_libraries(${name}_test PRIVATE ${ARG_LIBRARIES} GTest::gmock GTest::gtest_main faultline_warnings)
  # What is tested is in the libraries; the tests themselves compile in half the time so.
  target_compile_options(${name}_test PRIVATE -O1 -g1)
  add_test(NAME ${name} COMMAND ${name}_test)
  if(ARG_LABELS)
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}")
  endif()
endfunction()
