#include <lamina/callbacks/event_file.hpp>

#include "../catch.hpp"
#include "logs.hpp"

using namespace lamina;

TEST_CASE("CRC-32C has the check values of its standards") {
  CHECK(detail::crc32c("123456789") == 0xE3069283);
  CHECK(detail::crc32c(std::string(32, '\0')) == 0x8A9136AA);  // RFC 3720, appendix B.4
  CHECK(detail::crc32c(std::string(32, '\xFF')) == 0x62A8AB43);
}

TEST_CASE("a protocol buffer's fields are encoded as its documentation shows") {
  using detail::ProtoMessage;
  CHECK(ProtoMessage{}.integer(1, 150).bytes() == "\x08\x96\x01");
  CHECK(ProtoMessage{}.text(2, "testing").bytes() == "\x12\x07testing");
  CHECK(ProtoMessage{}.text(3, ProtoMessage{}.integer(1, 150).bytes()).bytes() == "\x1a\x03\x08\x96\x01");
  CHECK(ProtoMessage{}.number(2, 1.0F).bytes() == std::string("\x15\x00\x00\x80\x3f", 5));
  CHECK(ProtoMessage{}.number(1, 1.0).bytes() == std::string("\x09\x00\x00\x00\x00\x00\x00\xf0\x3f", 9));
  CHECK(ProtoMessage{}.integer(1, ~std::uint64_t{0}).bytes() == "\x08" + std::string(9, '\xFF') + "\x01");
}

TEST_CASE("every event file has a name of its own, in a folder that is made") {
  const Scratch scratch("event-file");
  detail::EventFile a(scratch.path / "runs" / "a"), b(scratch.path / "runs" / "a");
  CHECK(a.path() != b.path());
  for (const detail::EventFile* file : {&a, &b}) {
    CHECK(file->path().filename().string().starts_with("events.out.tfevents."));
    CHECK(text_of(file->path()).find("brain.Event:2") ==
          12 + 9 + 2);  // behind the length, its check value, the time and a tag
  }
}

TEST_CASE("an event file that cannot be written says so") {
  const Scratch scratch("event-file");
  write_text(scratch.path / "file", "mine");
  CHECK(refusal<DataError>([&] {
          detail::EventFile(scratch.path / "file");
        }).starts_with((scratch.path / "file").string() + ": cannot be made a folder"));
  CHECK(refusal<DataError>([&] { detail::EventFile(scratch.path / "file" / "run"); }).find("cannot be made a folder: ") !=
        std::string::npos);
  CHECK(text_of(scratch.path / "file") == "mine");
}
