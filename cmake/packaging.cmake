# The Debian package: cpack, in build/release, makes package/hearth_<version>_<architecture>.deb there.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # packing takes what is built; it builds nothing
include(GNUInstallDirs)

install(TARGETS hearthd hearth hearth-extract hearth-extract-pages RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY web/dist/ DESTINATION ${CMAKE_INSTALL_DATADIR}/hearth/desktop PATTERN .built EXCLUDE)
install(FILES ${CMAKE_SOURCE_DIR}/build/words.vec DESTINATION ${CMAKE_INSTALL_DATADIR}/hearth OPTIONAL)
install(FILES packaging/hearth.service DESTINATION lib/systemd/system)
install(FILES packaging/debian/hearth.default DESTINATION /etc/default RENAME hearth)
install(FILES README.md README.zh-CN.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md" PATTERN "ask-*.png")  # what the READMEs lead to
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME hearth)
set(CPACK_PACKAGE_VENDOR Hearth)
set(CPACK_PACKAGE_CONTACT "Hearth <hearth@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "An operating system for agents, for the computer in your home")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/package)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, tzdata")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${CMAKE_SOURCE_DIR}/packaging/debian/postinst ${CMAKE_SOURCE_DIR}/packaging/debian/prerm
    ${CMAKE_SOURCE_DIR}/packaging/debian/postrm ${CMAKE_SOURCE_DIR}/packaging/debian/conffiles)
include(CPack)
