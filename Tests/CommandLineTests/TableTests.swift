import Foundation
import Testing

/// Tables of cross sections, from the command that writes them to the study that reads them.
@Suite struct TableTests {
  @Test("a table is written, a study reads it, and energies that it does not have are refused")
  func tablesInStudies() throws {
    let folder = NSTemporaryDirectory() + "nutune-table-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["t.h5", "t.csv"] {
      let written = try CommandLineRun(
        "cross-section", "toy-sf-resonance", "--channel", "numu", "--target", "Ar40", "--energies",
        "0.5:6:20%",
        "--grid", "30x20", "--out", name, in: folder)
      #expect(written.exitCode == 0 && written.output.isEmpty, "\(written.errors)")
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["t.csv", "t.h5"])

    let study = try String(
      contentsOfFile: "\(CommandLineRun.root)/catalogs/studies/dune-closure.yaml", encoding: .utf8
    )
    .replacingOccurrences(
      of: "neural: {model: neural-sf}", with: "table: {model: tabulated, file: t.h5}")
    func check(_ text: String) throws -> CommandLineRun {
      try text.write(toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
      return try CommandLineRun("check", "study.yaml", in: folder)
    }
    // Without a word of the study what the table serves is folded; by hand, more is refused.
    let served = try check(study + "slices: {energies: [1, 2]}\n")
    #expect(served.exitCode == 0, "\(served.errors)")
    let refused = try check(study + "fold: {energy_minimum: 0.3}\n")
    #expect(refused.exitCode == 65)
    #expect(
      refused.errors.contains(
        "fold.energy_minimum: found neutrino energies from 0.3 to 6.0 GeV (fold.energy_minimum, fold.energy_maximum); "
          + "expected some within what models.table has, 0.5 to 6.0 GeV"), "\(refused.errors)")
    let fold = study + "fold: {energy_minimum: 0.5, energy_maximum: 6}\n"
    let taken = try check(fold)
    #expect(taken.exitCode == 0, "\(taken.errors)")
    let sliced = try check(fold + "slices: {energies: [1, 7]}\n")
    #expect(
      sliced.errors.contains(
        "slices.energies: found 7.0 GeV; expected energies that models.table has, 0.5 to 6.0"))
  }

  @Test("a broken table is bad data in every verb")
  func brokenTables() throws {
    let folder = NSTemporaryDirectory() + "nutune-table-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let signature = Data([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A])
    try (signature + Data(repeating: 1, count: 500)).write(to: URL(filePath: "\(folder)/t.h5"))
    try "energy,lepton_energy\n1,2\n".write(toFile: "\(folder)/t.csv", atomically: true, encoding: .utf8)
    try "energy,lepton_energy,cos_theta,d2sigma\n".write(
      toFile: "\(folder)/e.csv", atomically: true, encoding: .utf8)
    let study = try String(contentsOfFile: "\(CommandLineRun.root)/catalogs/studies/dune-closure.yaml", encoding: .utf8)
    for name in ["t.h5", "t.csv", "e.csv"] {
      try study.replacing("neural: {model: neural-sf}", with: "table: {model: tabulated, file: \(name)}")
        .write(toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
      let checked = try CommandLineRun("check", "study.yaml", in: folder)
      let made = try CommandLineRun(
        "cross-section", "tabulated", "--channel", "numu", "--target", "Ar40", "--energies", "1:2:1", "--set",
        "file=\(name)", in: folder)
      #expect(checked.exitCode == 65 && made.exitCode == 65, "\(checked.errors)\(made.errors)")
      #expect(made.errors.contains("\(name)"))
    }
    let missing = try CommandLineRun(
      "cross-section", "tabulated", "--channel", "numu", "--target", "Ar40", "--energies", "1:2:1", "--set",
      "file=no.h5", in: folder)
    #expect(missing.exitCode == 66)
  }

  @Test("mistakes are exit 64")
  func mistakes() throws {
    for (arguments, message) in [
      ("--grid 10x10 --out t.txt", "--out: found “t.txt”"),
      ("--out t.csv", "--out: found --out without --grid"),
      ("--grid 2x10", "--grid: found “2x10”"),
    ] {
      let run = try CommandLineRun(
        shell:
          "$nutune cross-section toy-sf --channel numu --target Ar40 --energies 1:2:1 \(arguments)")
      #expect(run.exitCode == 64)
      #expect(run.errors.contains(message), "\(run.errors)")
    }
  }
}
