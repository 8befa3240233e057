# Third-party libraries, all from Debian 12; docs/dependencies.md says why each one.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(CURL REQUIRED)
find_package(GTest REQUIRED)
find_package(fmt REQUIRED)
pkg_check_modules(sqlite IMPORTED_TARGET REQUIRED sqlite3)
pkg_check_modules(sodium IMPORTED_TARGET REQUIRED libsodium)
pkg_check_modules(simdjson IMPORTED_TARGET REQUIRED simdjson)
pkg_check_modules(utf8proc IMPORTED_TARGET REQUIRED libutf8proc)
pkg_check_modules(gmime IMPORTED_TARGET REQUIRED gmime-3.0)
set_target_properties(PkgConfig::gmime PROPERTIES INTERFACE_COMPILE_OPTIONS "")  # its -pthread does not fit the precompiled header
pkg_check_modules(gumbo IMPORTED_TARGET REQUIRED gumbo)
pkg_check_modules(uchardet IMPORTED_TARGET REQUIRED uchardet)
pkg_check_modules(seccomp IMPORTED_TARGET REQUIRED libseccomp)
find_library(STEMMER_LIBRARY stemmer REQUIRED)  # libstemmer ships no pkg-config file
find_package(ZLIB REQUIRED)
pkg_check_modules(expat IMPORTED_TARGET REQUIRED expat)
pkg_check_modules(poppler IMPORTED_TARGET REQUIRED poppler-cpp)
find_library(TESSERACT_LIBRARY tesseract REQUIRED)  # their pkg-config files name what only they link
find_library(LEPTONICA_LIBRARY lept REQUIRED)
find_library(TAGLIB_LIBRARY tag REQUIRED)
