import NuTuneCore
import Testing
import ThreeFlavorOscillations

@Suite("Parameters of three-flavor")
struct ParameterTests {
  private func node(_ pairs: [(String, String)]) -> ConfigurationNode {
    let place = SourceLocation(file: "study.yaml", line: 7, column: 3)
    return ConfigurationNode(
      .mapping(
        pairs.map {
          .init(key: $0.0, location: place, value: ConfigurationNode(.scalar($0.1, quoted: false), at: place))
        }), at: place)
  }

  private func model(_ pairs: (String, String)...) throws -> ThreeFlavorModel {
    var registry = Registry()
    try registry.register(ThreeFlavorModel.self)
    let made = try registry.make(
      .oscillation, named: "three-flavor", from: node(pairs), path: "oscillation", directory: ".")
    return try #require(made as? ThreeFlavorModel)
  }

  private func sentence(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch { return "\(error)" }
  }

  @Test func defaultsAreNuFIT() throws {
    #expect(try model().mixing == .nufit60NormalOrdering)
    #expect(try model().constants == .codata)
  }

  @Test func constants() throws {
    #expect(abs(OscillationConstants.codata.phase - 1.266932679) < 1e-9)
    #expect(abs(OscillationConstants.codata.potential - 1.526493e-4) < 1e-10)
    #expect(try model(("constants", "nufast")).constants == .nufast)
    #expect(abs(OscillationConstants.nufast.phase - 1.26693255) < 5e-9)
    #expect(sentence { _ = try model(("constants", "nufas")) }.contains("did you mean “nufast”?"))
  }

  @Test func splittings() throws {
    let other = try model(("dm2_32", "-2.484e-3"), ("dm2_21", "7.49e-5"))
    #expect(abs(other.mixing.deltaMassSquared31 + 2.4091e-3) < 1e-18)
    #expect(try abs(other.value(of: "dm2_32") + 2.484e-3) < 1e-18)
    let both = sentence { _ = try model(("dm2_31", "2.5e-3"), ("dm2_32", "2.4e-3")) }
    #expect(
      both.hasPrefix("study.yaml:7:3: oscillation.dm2_31: found dm2_31 beside dm2_32; expected only one of the two"))
  }

  @Test func bareSplittingIsRefused() throws {
    let written = sentence { _ = try model(("dm2", "2.5e-3")) }
    #expect(written.contains("oscillation.dm2") && written.contains("expected dm2_21, dm2_31 or dm2_32"))
    let set = sentence { _ = try model().setting(["dm2": 2.5e-3]) }
    #expect(
      set == "dm2: found a mass splitting without its indices; "
        + "expected dm2_21 (solar) and one of dm2_31, dm2_32 (atmospheric), which differ by 3 %")
  }

  @Test func degreesAreRefused() throws {
    #expect(
      sentence { _ = try model(("delta_cp", "212")) }
        == "study.yaml:7:3: oscillation.delta_cp: found “212”; expected a number from -6.2832 to 6.2832 in rad")
  }

  @Test func settingKeepsTheRest() throws {
    let start = try model()
    let fitted = try start.setting(["sin2_theta23": 0.55, "dm2_32": 2.4e-3])
    #expect(try fitted.value(of: "sin2_theta23") == 0.55)
    #expect(try abs(fitted.value(of: "dm2_31") - 2.4749e-3) < 1e-18)
    #expect(try fitted.value(of: "delta_cp") == start.value(of: "delta_cp"))
    let both = try start.setting(["dm2_21": 8e-5, "dm2_32": 2.4e-3])
    #expect(try abs(both.value(of: "dm2_31") - 2.48e-3) < 1e-18)
    for name in start.fittableParameters { #expect(throws: Never.self) { try start.setting([name: 1e-3]) } }
    #expect(throws: NuTuneError.self) { try start.setting(["dm2_31": 1e-3, "dm2_32": 1e-3]) }
    #expect(throws: NuTuneError.self) { try start.setting(["sin2_theta23": 1.01]) }
    #expect(throws: NuTuneError.self) { try start.setting(["sin2_theta23": .nan]) }
    #expect(sentence { _ = try start.value(of: "sin2_theta32") }.contains("did you mean “sin2_theta"))
  }

  @Test("paths and energies that make no sense")
  func refusals() throws {
    let start = try model()
    func probabilities(_ energy: Double, length: Double = 1, density: Double = 0, fraction: Double = 0.5) -> String {
      sentence {
        _ = try start.probabilities(
          at: [1, energy], over: Baseline(length: length, density: density, electronFraction: fraction),
          helicity: .neutrino)
      }
    }
    #expect(probabilities(2) == "no error")
    for energy in [0, -1, .nan, .infinity, 1e-300] {
      #expect(probabilities(energy).contains("at position 1; expected energies from"))
    }
    #expect(
      probabilities(2, density: -2.8)
        == "density: found -2.8; expected a matter density from 0 (vacuum) to 1e6 in g/cm³")
    #expect(probabilities(2, density: .nan).hasPrefix("density"))
    #expect(probabilities(2, length: -1).hasPrefix("baseline"))
    #expect(probabilities(2, fraction: 1.5).hasPrefix("electron_fraction"))
  }
}
