# Run as a script: writes OUTPUT, a source file that defines NAME in faultline::LAYER, declared in LAYER/bundle.h, as the bytes of INPUT.
#   cmake -DINPUT=web/dist/report.js -DOUTPUT=report_js.cc -DLAYER=report -DNAME=kReportScript -P faultline_embed.cmake
file(READ "${INPUT}" bytes HEX)
string(LENGTH "${bytes}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE "${OUTPUT}" "#include \"${LAYER}/bundle.h\"\n\nnamespace faultline::${LAYER} {\n\nnamespace {\nconstexpr unsigned char ${NAME}Bytes[${size}] = {${bytes}};\n}  // namespace\n\nconst std::span<const unsigned char> ${NAME}(${NAME}Bytes);\n\n}  // namespace faultline::${LAYER}\n")
