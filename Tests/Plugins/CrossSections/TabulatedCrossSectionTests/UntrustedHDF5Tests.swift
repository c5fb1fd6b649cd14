import CHDF5
import Foundation
import NuTuneCore
import NuTuneTables
import TestSupport
import Testing

/// Files that make the HDF5 library overflow, abort or ask for terabytes: one sentence each, and this process lives on.
@Suite(.serialized) struct UntrustedHDF5Tests {
  /// What is said of a file, without its path.
  private func sentence(_ make: (borrowing HDF5File) throws -> Void) throws -> String {
    let fixture = try TableFixture()
    defer { fixture.remove() }
    let path = "\(fixture.folder)/t.h5"
    do {
      let file = try HDF5File(path)
      try make(file)
    }
    return sentence(path)
  }

  private func sentence(_ path: String) -> String {
    do {
      return "read \(try CrossSectionTable(file: path).count)"
    } catch {
      let problem = error as? NuTuneError
      #expect(problem?.category == .badData, "\(error)")
      return "\(error)".replacingOccurrences(of: path, with: "t.h5")
    }
  }

  @Test("attributes that are lists of texts, no texts, or endless ones")
  func attributes() throws {
    for size in [nil, 8, 4000] {
      #expect(
        try sentence { file in
          try file.columns(2, values: [1, 2])
          try file.attribute("model", texts: Array(repeating: "genie", count: size == 4000 ? 3 : 200), size: size)
        } == "t.h5: found \(size == 4000 ? 3 : 200) texts in the attribute “model”; expected one text")
    }
    #expect(
      try sentence {
        try $0.columns(2); try $0.attribute("unit", number: 1)
      }
        == "t.h5: found an attribute “unit” that is no text; expected a text")
    #expect(
      try sentence {
        try $0.columns(2); try $0.attribute("model", texts: [String(repeating: "a", count: 70_000)])
      }
        == "t.h5: found an attribute “model” of 65537 bytes; expected at most 65536")
    // A list of one, as numpy writes a text, is one text.
    #expect(
      try sentence {
        try $0.columns(2); try $0.attribute("model", texts: ["genie"], size: 8)
      } == "read 2")
    #expect(
      try sentence {
        try $0.columns(2); try $0.attribute("model", texts: ["genie"])
      } == "read 2")
  }

  @Test("sizes that are declared and not there, and compressed nothing")
  func sizes() throws {
    #expect(
      try sentence { try $0.columns(1 << 40, chunk: 1024) }
        == "t.h5: found 1099511627776 values in “energy”; expected at most 20000000, which are read at once")
    #expect(
      try sentence { try $0.columns(1 << 40) }
        == "t.h5: found 1099511627776 values in “energy”; expected at most 20000000, which are read at once")
    #expect(
      try sentence { try $0.columns(1000, chunk: 1 << 28) }
        == "t.h5: found chunks of 268435456 values in “energy”; expected chunks of at most 20000000")
    #expect(
      try sentence {
        try $0.columns(3, leavingOut: "cos_theta")
        try $0.dataset("cos_theta", [4])
      } == "t.h5: found 4 values in “cos_theta”; expected as many as in “energy”")
    #expect(try sentence { try $0.columns(0) }.contains("empty datasets"))
  }

  @Test("what is no dataset of numbers in one dimension, or lies in another file")
  func kinds() throws {
    #expect(try sentence { try $0.columns(3, leavingOut: "energy") }.contains("found no dataset “energy”"))
    #expect(
      try sentence {
        try $0.columns(3, leavingOut: "energy"); $0.group("energy")
      }
        == "t.h5: found “energy”, which is no dataset; expected a dataset")
    #expect(
      try sentence {
        try $0.columns(3, leavingOut: "energy"); try $0.dataset("energy", [1, 3])
      }
        == "t.h5: found a dataset “energy” of 2 dimensions; expected one dimension")
    #expect(
      try sentence {
        try $0.columns(3, leavingOut: "energy"); try $0.dataset("energy", [])
      }
        == "t.h5: found a dataset “energy” of 0 dimensions; expected one dimension")
    #expect(
      try sentence {
        try $0.columns(3, leavingOut: "energy")
        try $0.dataset("energy", [3], type: nutune_h5_string())
      } == "t.h5: found a dataset “energy” that is not made of numbers; expected numbers")
    #expect(
      try sentence {
        try $0.columns(3, leavingOut: "energy"); $0.externalLink("energy", to: "/tmp/other.h5")
      }
        == "t.h5: found “energy”, which is a link; expected a dataset of the file itself")
    #expect(
      try sentence {
        try $0.columns(3, leavingOut: "energy"); try $0.dataset("energy", [3], outside: "/etc/passwd")
      }
        == "t.h5: found “energy”, whose numbers lie in other files; expected numbers in the file itself")
  }

  @Test("bytes all over the file's first kilobytes changed: a table or a sentence, never a crash")
  func flippedBytes() throws {
    let fixture = try TableFixture()
    defer { fixture.remove() }
    let path = "\(fixture.folder)/t.h5"
    do {
      let file = try HDF5File(path)
      try file.attribute("model", texts: ["genie"])
      try file.columns(40, chunk: 16, values: (0..<40).map(Double.init))
    }
    let whole = try Data(contentsOf: URL(filePath: path))
    #expect(sentence(path) == "read 40")
    var (read, refused) = (0, 0)
    for place in stride(from: 8, to: min(whole.count, 4096), by: LongTests.areAsked ? 27 : 81) {
      var bytes = whole
      bytes[place] ^= place % 2 == 0 ? 0xFF : 0x08
      try bytes.write(to: URL(filePath: path))
      let said = sentence(path)
      if said.hasPrefix("read") { read += 1 } else { refused += 1 }
      #expect(said.hasPrefix("read") || said.hasPrefix("t.h5: found "), "\(place): \(said)")
    }
    #expect(read > 0 && refused > 0, "\(read) read, \(refused) refused")
  }
}
