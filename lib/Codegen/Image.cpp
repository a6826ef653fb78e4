//===- Image.cpp ------------------------------------------------------------------------------===//
// From an ELF object to a flat image.
#include "Codegen/Image.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/Endian.h"

using namespace llvm;
using object::ELF64LEFile;

namespace tjit::codegen {
namespace {

using Section = ELF64LEFile::Elf_Shdr;
using Symbol = ELF64LEFile::Elf_Sym;

Error refuse(const Twine &what) {
  return createStringError(inconvertibleErrorCode(), "the generated code " + what);
}

/// One object on its way into an image that it shares with others.
class Flattener {
public:
  Flattener(ELF64LEFile elf, Image &image) : elf(std::move(elf)), image(image) {}

  /// Places the sections and enters the global functions that the object defines into `functions`.
  Error place(StringMap<uint64_t> &functions) {
    auto sectionsOrError = elf.sections();
    if (!sectionsOrError)
      return sectionsOrError.takeError();
    sections = *sectionsOrError;
    if (Error error = placeSections())
      return error;
    for (const Section &section : sections)
      if (section.sh_type == ELF::SHT_SYMTAB)
        if (Error error = readSymbols(section, functions))
          return error;
    return Error::success();
  }

  /// Applies the relocations, after all objects have been placed.
  Error relocateAll(const StringMap<uint64_t> &functions) {
    for (size_t i = 0; i < symbols.size(); ++i) {
      if (addresses[i] != kNotPlaced || names[i].empty() || symbols[i].st_shndx != ELF::SHN_UNDEF)
        continue;
      auto found = functions.find(names[i]);
      if (found == functions.end())
        return refuse("calls or reads '" + names[i] + "', which is defined outside of it");
      addresses[i] = found->second;
    }
    for (const Section &section : sections) {
      if (section.sh_type == ELF::SHT_REL)
        return refuse("has relocations without addends");
      if (section.sh_type == ELF::SHT_RELA && places[section.sh_info] != kNotPlaced)
        if (Error error = relocate(section))
          return error;
    }
    return Error::success();
  }

private:
  static constexpr uint64_t kNotPlaced = ~uint64_t(0);

  static bool isCode(const Section &section) { return section.sh_flags & ELF::SHF_EXECINSTR; }
  /// Unwind tables are allocated too, but nothing unwinds through a kernel.
  static bool isPlaced(const Section &section, StringRef name) {
    return section.sh_type == ELF::SHT_PROGBITS && name != ".eh_frame";
  }

  Error placeSections() {
    places.assign(sections.size(), kNotPlaced);
    for (bool code : {true, false}) {
      for (auto [index, section] : enumerate(sections)) {
        if (!(section.sh_flags & ELF::SHF_ALLOC) || !section.sh_size || isCode(section) != code)
          continue;
        auto name = elf.getSectionName(section);
        if (!name)
          return name.takeError();
        if (section.sh_flags & (ELF::SHF_WRITE | ELF::SHF_TLS))
          return refuse("has writable data in section " + *name);
        if (!isPlaced(section, *name))
          continue;
        if (section.sh_addralign > kImageAlignment)
          return refuse("wants a larger alignment than an image has, in section " + *name);
        auto content = elf.getSectionContents(section);
        if (!content)
          return content.takeError();
        image.bytes.resize(
            alignTo(image.bytes.size(), std::max<uint64_t>(section.sh_addralign, 1)));
        places[index] = image.bytes.size();
        image.bytes.insert(image.bytes.end(), content->begin(), content->end());
      }
    }
    return Error::success();
  }

  Error readSymbols(const Section &table, StringMap<uint64_t> &functions) {
    auto symbolsOrError = elf.symbols(&table);
    auto strings = elf.getStringTableForSymtab(table);
    if (!symbolsOrError)
      return symbolsOrError.takeError();
    if (!strings)
      return strings.takeError();
    symbols = *symbolsOrError;
    for (const Symbol &symbol : symbols) {
      auto name = symbol.getName(*strings);
      if (!name)
        return name.takeError();
      bool placed = symbol.st_shndx != ELF::SHN_UNDEF && symbol.st_shndx < ELF::SHN_LORESERVE &&
                    places[symbol.st_shndx] != kNotPlaced;
      names.push_back(*name);
      addresses.push_back(placed ? places[symbol.st_shndx] + symbol.st_value : kNotPlaced);
      if (placed && symbol.getType() == ELF::STT_FUNC && symbol.getBinding() != ELF::STB_LOCAL)
        functions[*name] = addresses.back();
    }
    return Error::success();
  }

  Error relocate(const Section &table) {
    auto relocations = elf.relas(table);
    if (!relocations)
      return relocations.takeError();
    for (const auto &relocation : *relocations) {
      uint32_t type = relocation.getType(/*isMips64EL=*/false);
      uint32_t symbolIndex = relocation.getSymbol(/*isMips64EL=*/false);
      bool is64 = type == ELF::R_X86_64_PC64;
      if (!is64 && type != ELF::R_X86_64_PC32 && type != ELF::R_X86_64_PLT32)
        return refuse("has a relocation of a kind that depends on its address: " +
                      object::getELFRelocationTypeName(ELF::EM_X86_64, type));
      uint64_t target = symbolIndex < addresses.size() ? addresses[symbolIndex] : kNotPlaced;
      uint64_t place = places[table.sh_info] + relocation.r_offset;
      if (target == kNotPlaced || place + (is64 ? 8 : 4) > image.bytes.size())
        return refuse("refers to something that is not part of it");
      int64_t value = static_cast<int64_t>(target + relocation.r_addend - place);
      if (is64)
        support::endian::write64le(&image.bytes[place], value);
      else if (isInt<32>(value))
        support::endian::write32le(&image.bytes[place], static_cast<uint32_t>(value));
      else
        return refuse("is larger than a 32-bit reference can span");
    }
    return Error::success();
  }

  ELF64LEFile elf;
  Image &image;
  ELF64LEFile::Elf_Shdr_Range sections;
  ELF64LEFile::Elf_Sym_Range symbols;
  std::vector<uint64_t> places;    // of each section in the image
  std::vector<uint64_t> addresses; // of each symbol
  std::vector<StringRef> names;
};

} // namespace

Expected<Image> flattenObjects(ArrayRef<MemoryBufferRef> objects) {
  Image image;
  StringMap<uint64_t> functions;
  std::vector<Flattener> flatteners;
  for (MemoryBufferRef object : objects) {
    auto elf = ELF64LEFile::create(object.getBuffer());
    if (!elf)
      return elf.takeError();
    if (elf->getHeader().e_machine != ELF::EM_X86_64)
      return refuse("is not for x86-64");
    flatteners.emplace_back(*elf, image);
    if (Error error = flatteners.back().place(functions))
      return error;
    if (flatteners.size() == 1)
      image.entries = functions;
  }
  for (Flattener &flattener : flatteners)
    if (Error error = flattener.relocateAll(functions))
      return error;
  return image;
}

} // namespace tjit::codegen
