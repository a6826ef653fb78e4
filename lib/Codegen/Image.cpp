//===- Image.cpp - from an ELF object to a flat image
//--------------------------------------------------------===//
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

class Flattener {
public:
  explicit Flattener(const ELF64LEFile &elf) : elf(elf) {}

  Expected<Image> run() {
    auto sectionsOrError = elf.sections();
    if (!sectionsOrError)
      return sectionsOrError.takeError();
    sections = *sectionsOrError;
    if (Error error = place())
      return error;
    for (const Section &section : sections) {
      if (section.sh_type == ELF::SHT_SYMTAB)
        if (Error error = readSymbols(section))
          return error;
    }
    for (const Section &section : sections) {
      if (section.sh_type == ELF::SHT_REL)
        return refuse("has relocations without addends");
      if (section.sh_type == ELF::SHT_RELA && addresses[section.sh_info] != kNotPlaced)
        if (Error error = relocate(section))
          return error;
    }
    return std::move(image);
  }

private:
  static constexpr uint64_t kNotPlaced = ~uint64_t(0);

  static bool isCode(const Section &section) { return section.sh_flags & ELF::SHF_EXECINSTR; }
  /// Unwind tables are allocated too, but nothing unwinds through a kernel.
  static bool isPlaced(const Section &section) {
    return (section.sh_flags & ELF::SHF_ALLOC) && section.sh_size &&
           section.sh_type == ELF::SHT_PROGBITS;
  }

  Error place() {
    addresses.assign(sections.size(), kNotPlaced);
    for (bool code : {true, false}) {
      for (auto [index, section] : enumerate(sections)) {
        if (!(section.sh_flags & ELF::SHF_ALLOC) || !section.sh_size || isCode(section) != code)
          continue;
        auto name = elf.getSectionName(section);
        if (!name)
          return name.takeError();
        if (section.sh_flags & (ELF::SHF_WRITE | ELF::SHF_TLS))
          return refuse("has writable data in section " + *name);
        if (!isPlaced(section) || *name == ".eh_frame")
          continue;
        if (section.sh_addralign > kImageAlignment)
          return refuse("wants a larger alignment than an image has, in section " + *name);
        auto content = elf.getSectionContents(section);
        if (!content)
          return content.takeError();
        image.bytes.resize(
            alignTo(image.bytes.size(), std::max<uint64_t>(section.sh_addralign, 1)));
        addresses[index] = image.bytes.size();
        image.bytes.insert(image.bytes.end(), content->begin(), content->end());
      }
    }
    return Error::success();
  }

  /// The offset of a symbol in the image; kNotPlaced where it has none (files, absolute symbols,
  /// unwind tables).
  uint64_t addressOf(const Symbol &symbol) const {
    if (symbol.st_shndx == ELF::SHN_UNDEF || symbol.st_shndx >= ELF::SHN_LORESERVE ||
        addresses[symbol.st_shndx] == kNotPlaced)
      return kNotPlaced;
    return addresses[symbol.st_shndx] + symbol.st_value;
  }

  Error readSymbols(const Section &table) {
    auto symbolsOrError = elf.symbols(&table);
    auto names = elf.getStringTableForSymtab(table);
    if (!symbolsOrError)
      return symbolsOrError.takeError();
    if (!names)
      return names.takeError();
    symbols = *symbolsOrError;
    for (const Symbol &symbol : symbols) {
      auto name = symbol.getName(*names);
      if (!name)
        return name.takeError();
      if (symbol.st_shndx == ELF::SHN_UNDEF && !name->empty())
        return refuse("calls or reads '" + *name + "', which is defined outside of it");
      if (symbol.getType() == ELF::STT_FUNC && symbol.getBinding() != ELF::STB_LOCAL)
        image.entries[*name] = addressOf(symbol);
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
      uint64_t target = symbolIndex < symbols.size() ? addressOf(symbols[symbolIndex]) : kNotPlaced;
      uint64_t place = addresses[table.sh_info] + relocation.r_offset;
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

  const ELF64LEFile &elf;
  ELF64LEFile::Elf_Shdr_Range sections;
  ELF64LEFile::Elf_Sym_Range symbols;
  std::vector<uint64_t> addresses; // of each section in the image
  Image image;
};

} // namespace

Expected<Image> flattenObject(MemoryBufferRef object) {
  auto elf = ELF64LEFile::create(object.getBuffer());
  if (!elf)
    return elf.takeError();
  if (elf->getHeader().e_machine != ELF::EM_X86_64)
    return refuse("is not for x86-64");
  return Flattener(*elf).run();
}

} // namespace tjit::codegen
