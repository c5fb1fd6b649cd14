import NuTuneCore
import Testing

@Suite struct PhysicalUnitTests {
  /// A number as written, the declared unit, and what it is there, to the last bit.
  static let numbers: [(String, String, Double)] = [
    ("300 MeV", "GeV", 0.3), ("300MeV", "GeV", 0.3), ("0.3 GeV", "GeV", 0.3), ("1.2e3 MeV", "GeV", 1.2),
    ("5eV", "GeV", 5e-9), ("14 kt", "t", 14000), ("40_000 t", "t", 40000), ("295 m", "km", 0.295),
    ("3 %", "", 0.03), ("2.5e-3 eV²", "eV²", 2.5e-3), ("2.5e-3 eV^2", "eV2", 2.5e-3), ("1 GeV/c", "GeV", 1),
    ("2.6 g/cm³", "g/cm3", 2.6), ("2600 kg/m3", "g/cm3", 2.6), ("5 mrad", "rad", 5e-3), ("−0.5", "", -0.5),
    ("-90 deg", "rad", -90 * (Double.pi / 180)), ("\u{2212}90°", "rad", -90 * (Double.pi / 180)),
    // Exponents that no number has, and no integer.
    ("1e-9223372036854775808 m", "km", 0), ("1e9223372036854775807 km", "m", .infinity), ("0e5 m", "km", 0),
    ("1e-99999999999999999999 m", "km", 0), ("-1e99999999999999999999 m", "km", -.infinity),
    ("180 deg", "deg", 180), ("1e-38 cm2/GeV", "cm2/GeV", 1e-38), ("250 kA", "kA", 250), ("0.5 km", "m", 500),
  ]

  @Test(arguments: numbers) func aNumberIsReadInItsUnit(text: String, unit: String, value: Double) {
    #expect(PhysicalUnit.number(text, in: unit) == value)
  }

  @Test(arguments: [
    ("300 m", "GeV"), ("3 %", "GeV"), ("0x10", "GeV"), ("nan", ""), ("inf", "km"), ("1 2", "GeV"), ("GeV", "GeV"),
    ("3 parsec", "km"), ("3 GeV", ""), ("", "GeV"), ("1e GeV", "GeV2"),
  ]) func anythingElseIsNot(text: String, unit: String) {
    #expect(PhysicalUnit.number(text, in: unit) == nil)
  }

  @Test func aParameterReadsThem() throws {
    let place = SourceLocation(file: "study.yaml", line: 3)
    func read(_ text: String, _ declaration: ParameterDeclaration) throws -> ParameterValue {
      try declaration.value(from: ConfigurationNode(.scalar(text, quoted: false), at: place), key: "a")
    }
    let energy = ParameterDeclaration("a", unit: "GeV", required: true, .number(0...1), "energy")
    #expect(try read("300 MeV", energy) == .number(0.3))
    // The range is that of the converted number.
    #expect(throws: NuTuneError.self) { try read("1001 MeV", energy) }
    #expect(throws: NuTuneError.self) { try read("1 km", energy) }
    let count = ParameterDeclaration("a", required: true, .integer(0...10), "count")
    #expect(throws: NuTuneError.self) { try read("300 %", count) }
  }
}
