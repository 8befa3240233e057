#include "memory/extract/page_reader.h"

namespace hearth::memory::extract {
namespace {

const PageReader* used = nullptr;

}  // namespace

void use_page_reader(const PageReader& reader) { used = &reader; }

const PageReader* page_reader() { return used; }

}  // namespace hearth::memory::extract
