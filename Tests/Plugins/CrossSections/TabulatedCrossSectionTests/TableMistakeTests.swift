import Foundation
import NuTuneCore
import NuTuneTables
import TabulatedCrossSection
import Testing

/// A table that is wrong in one place and what the user is told.
struct TableStory: Sendable, CustomTestStringConvertible {
  var old: String
  var new: String
  /// What follows the folder in the message.
  var message: String
  var testDescription: String { "\(old) → \(new)" }
}

@Suite struct TableMistakeTests {
  /// Two energies, three lepton energies each, three cosines each; σ/E about 0.7.
  static let good: String = {
    var text = "# channel: numu\n# target: Ar40\n# unit: 1e-38 cm2/GeV/nucleon\n"
    text += "energy,lepton_energy,cos_theta,d2sigma\n"
    for energy in ["1", "2"] {
      for leptonEnergy in energy == "1" ? ["0.2", "0.6", "0.9"] : ["0.3", "1.1", "1.9"] {
        for cosTheta in ["-1", "0", "1"] { text += "\(energy),\(leptonEnergy),\(cosTheta),0.4\n" }
      }
    }
    return text
  }()

  static let stories = [
    TableStory(old: "d2sigma\n", new: "sigma\n", message: ":4: header: found no column d2sigma; expected"),
    TableStory(old: "d2sigma\n", new: "d2sigma,error\n", message: ":4: header: found the column “error”; expected"),
    TableStory(old: "1,0.6,0,0.4", new: "1,0.6,0,-0.4", message: ":9: d2sigma: found the negative cross section -0.4;"),
    TableStory(old: "1,0.6,0,0.4", new: "1,0.6,0,nan", message: ":9:9: d2sigma: found “nan”; expected a finite number"),
    TableStory(old: "1,0.6,0,0.4", new: "1,0.6,zero,0.4", message: ":9:7: cos_theta: found “zero”; expected"),
    TableStory(old: "1,0.6,0,0.4", new: "1,0.6,0", message: ":9: found 3 columns; expected 4, as in the header"),
    TableStory(
      old: "1,0.6,0,0.4", new: "1,0.6,-1,0.4", message: ":9: cos_theta: found the cos_theta -1.0 a second time"),
    TableStory(old: "1,0.6,0,0.4", new: "1,0.6,-1.5,0.4", message: ":9: cos_theta: found -1.5; expected a cosine"),
    TableStory(old: "1,0.6,0,0.4\n", new: "", message: ":8: cos_theta: found 2 cosines at one lepton energy; expected"),
    TableStory(
      old: "1,0.6,1,0.4\n", new: "", message: ":8: cos_theta: found 2 cosines at one lepton energy; expected three"),
    TableStory(
      old: "1,0.6,1,0.4\n", new: "1,0.6,0.1,0.4\n", message: ":8: cos_theta: found cosines from -1.0 to 0.1; expected"),
    TableStory(
      old: "1,0.9,", new: "1,0.5,", message: ":11: lepton_energy: found the lepton_energy 0.5 after 0.6; expected rows"),
    TableStory(
      old: "1,0.9,", new: "1,0.61,", message: ":5: lepton_energy: found lepton energies from 0.2 to 0.61 GeV for"),
    TableStory(old: "1,0.9,", new: "1,1.4,", message: ":11: d2sigma: found 0.4 at the lepton energy 1.4 GeV; expected"),
    TableStory(
      old: "\n2,", new: "\n0.9,", message: ":14: energy: found the energy 0.9 after 1.0; expected rows sorted"),
    TableStory(
      old: "# unit: 1e-38 cm2/GeV/nucleon", new: "# unit: cm2/GeV", message: ": unit: found “cm2/GeV”; expected"),
    TableStory(old: "numu", new: "nutau", message: ": channel: found the channel “nutau”; expected"),
    TableStory(old: "Ar40", new: "Ar41", message: ": target: found the target “Ar41”; expected"),
  ]

  @Test func goodTableIsTaken() throws {
    let fixture = try TableFixture()
    defer { fixture.remove() }
    let model = try fixture.model(fixture.write(Self.good))
    #expect(model.energyRange == 1...2)
  }

  @Test(arguments: stories)
  func mistakesAreNamed(story: TableStory) throws {
    let fixture = try TableFixture()
    defer { fixture.remove() }
    let text = Self.good.replacingOccurrences(of: story.old, with: story.new)
    #expect(text != Self.good)
    let file = try fixture.write(text)
    let error = #expect(throws: NuTuneError.self) { try fixture.model(file) }
    #expect(error?.category == .badData)
    let message = error?.description ?? ""
    #expect(message.hasPrefix(file + story.message), "\(message)")
  }

  /// The wrong unit is told from its size, and named.
  @Test(arguments: [
    (1e-38, "cm², scale: 1e38"), (10, "10⁻³⁹ cm², scale: 0.1"), (40, "per nucleus, scale: 0.025"),
    (1e-3, "per MeV, scale: 1000"),
  ])
  func wrongUnitIsRefused(factor: Double, hint: String) throws {
    let fixture = try TableFixture()
    defer { fixture.remove() }
    var table = try fixture.table(0.3...1, count: 8, leptons: 40, cosines: 30)
    let model = try fixture.model(fixture.write(table.csv, as: "right.csv"))
    #expect(model.energyRange == 0.3...1)
    table.values = table.values.map { $0 * factor }
    let file = try fixture.write(table.csv)
    let error = #expect(throws: NuTuneError.self) { try fixture.model(file) }
    let message = error?.description ?? ""
    #expect(message.contains("powers of ten from the usual 0.7"), "\(message)")
    #expect(message.contains(hint), "\(message)")
    // Saying the unit makes it right again.
    let scaled = try fixture.model(file, ["scale": .number(1 / factor)])
    let point = KinematicPoints(neutrinoEnergy: [0.8], leptonEnergy: [0.6], cosTheta: [0.9])
    let values = try (
      scaled.crossSection(of: fixture.argon, at: point), model.crossSection(of: fixture.argon, at: point)
    )
    #expect(abs(values.0[0] / values.1[0] - 1) < 1e-6)
  }

  @Test func otherEnergiesAreRefused() throws {
    let fixture = try TableFixture()
    defer { fixture.remove() }
    let model = try fixture.model(fixture.write(Self.good))
    for energy in [0.95, 2.05] {
      let point = KinematicPoints(neutrinoEnergy: [energy], leptonEnergy: [0.5], cosTheta: [0.5])
      let error = #expect(throws: NuTuneError.self) { try model.crossSection(of: fixture.argon, at: point) }
      #expect(
        error?.description.contains("found a neutrino energy of \(energy) GeV; expected one from 1.0 to 2.0") == true)
    }
    // Forbidden points are zero, wherever they are.
    let forbidden = KinematicPoints(
      neutrinoEnergy: [0.95, 1.5, 1.5], leptonEnergy: [1, 0.1, 1.5], cosTheta: [0.5, 0, 0])
    #expect(try model.crossSection(of: fixture.argon, at: forbidden) == [0, 0, 0])
  }

  @Test func otherChannelsAndTargetsAreRefused() throws {
    let fixture = try TableFixture()
    defer { fixture.remove() }
    let model = try fixture.model(fixture.write(Self.good))
    try model.check([fixture.argon])
    let carbon = #expect(throws: NuTuneError.self) {
      try model.check([Reaction(species: .numu, target: try Target(named: "C12"))])
    }
    #expect(carbon?.description.hasSuffix("target: found Ar40; expected C12") == true)
    let electron = #expect(throws: NuTuneError.self) {
      try model.check([Reaction(species: .nue, target: fixture.argon.target)])
    }
    #expect(electron?.description.contains("found numu; expected a table of nue, by files.nue") == true)
  }

  @Test func brokenFilesAreRefused() throws {
    let fixture = try TableFixture()
    defer { fixture.remove() }
    let missing = #expect(throws: NuTuneError.self) { try fixture.model("nowhere.csv") }
    #expect(missing?.category == .missingInput)
    let table = try CrossSectionTable(file: fixture.write(Self.good))
    try table.writeHDF5(to: "\(fixture.folder)/table.h5")
    let whole = try Data(contentsOf: URL(filePath: "\(fixture.folder)/table.h5"))
    try whole.prefix(whole.count / 2).write(to: URL(filePath: "\(fixture.folder)/half.h5"))
    let half = #expect(throws: NuTuneError.self) { try fixture.model("half.h5") }
    #expect(half?.description.contains("found an HDF5 file that cannot be opened; expected a whole one") == true)
    #expect(try fixture.model("table.h5").energyRange == 1...2)
  }
}
