import Foundation
import Testing

/// Libraries that must not be loaded, or not pass; nutune says why in one sentence and ends by its own exit code.
@Suite(.enabled(if: PluginLibraries.folder != nil, "nobody built the plugins; `make plugin-test` does"))
struct PluginLoadingTests {
  @Test(
    "bad libraries are refused",
    arguments: [
      ("NoEntry", "found a library without the function nutune_plugin_register"),
      ("NoTag", "found a library without the function nutune_plugin_abi"),
      ("WrongTag", "found a library with the tag “nutune-plugin-abi 0, Clang 1.0”; expected “nutune-plugin-abi "),
      ("Unresolved", "found a library that needs “nutune_symbol_that_nobody_has”"),
      ("RegistersNothing", "found a library that registers no plugin"),
      ("TakesName", "toy-sf: found a second cross-section plugin of this name"),
      ("SameNameTwice", "twin: found a second cross-section plugin of this name"),
      ("WrongKind", "wrong-kind: found the type WrongKind; expected a plugin of kind flux"),
      ("SecondCore", "found the type SecondCore, a plugin of a second copy of NuTuneCore"),
      ("CrashesInRegister", "found a library that crashes (no licence found) while it is loaded"),
      ("SegfaultsInRegister", "found a library that crashes (segmentation fault) while it is loaded"),
      ("ExitsInRegister", "found a library that ends the process (exit code 0) while it is loaded"),
      ("HangsInRegister", "found a library that does not come back within 8 s while it is loaded"),
    ])
  func isRefused(_ library: String, _ sentence: String) throws {
    let path = PluginLibraries.path(library)
    let run = try CommandLineRun(plugins: "\"$nutune\" list detectors --plugin '\(path)'")
    #expect(run.exitCode == 65)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("nutune: error: \(path): \(sentence)"), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
  }

  @Test("a refused library says what to do")
  func remedy() throws {
    func errors(_ library: String) throws -> String {
      try CommandLineRun(plugins: "\"$nutune\" list --plugin '\(PluginLibraries.path(library))'").errors
    }
    #expect(try errors("WrongTag").contains("rebuild the plugin with the NuTune and the Swift compiler"))
    #expect(try errors("SecondCore").contains("one of the dynamic products NuTuneCore and NuTunePluginKit"))
  }

  @Test(
    "broken promises are found",
    arguments: [
      ("CrashesInCheck", "finite and never negative: found a plugin that crashes (index out of range)"),
      ("HangsInCheck", "finite and never negative: found a plugin that does not come back within 8 s"),
      ("ReturnsNaN", "finite and never negative: found nan as d²σ"),
      ("IsNegative", "finite and never negative: found -1.0 as d²σ"),
      ("WrongCount", "finite and never negative: found 361 values of d²σ"),
      ("BatchDependent", "a batch is its points: found "),
      ("IgnoresRange", "the declared ranges are served: scale: found trouble at the allowed value 10"),
      ("ForgetsState", "comes back from its state: found 1.0 restored and 2.0 tuned"),
      ("LeaksOutside", "zero outside its breakpoints: found 1.0 of numu at 0.25 GeV"),
      ("MakesEvents", "no more is measured than there was: found probabilities of true bin 0 that sum to 2.0"),
      ("MovesAtSource", "nothing happens at the source: found 0.3333333333333333 for P(ν_e → ν_e)"),
    ])
  func fails(_ library: String, _ sentence: String) throws {
    let run = try CommandLineRun(plugins: "\"$nutune\" plugin check '\(PluginLibraries.path(library))'")
    #expect(run.exitCode == 65)
    #expect(run.errors.isEmpty, "\(run.errors)")
    #expect(run.output.contains("  FAILED   \(sentence)"), "\(run.output)")
    #expect(!run.output.contains("Fatal error"))
  }

  @Test(
    "new packages keep every promise",
    arguments: [
      ("UsesKit", "uses-kit (cross-section)", "runs in a study"),
      ("Superscaling", "superscaling (cross-section)", "the cross section follows from the structure functions"),
      ("LogNormal", "log-normal (flux)", "zero outside its breakpoints"),
      ("TurnOn", "turn-on (detector)", "no more is measured than there was"),
      ("TwoFlavors", "two-flavors (oscillation)", "fittable parameters keep what they are set to"),
    ])
  func conforms(_ library: String, _ title: String, _ check: String) throws {
    let run = try CommandLineRun(plugins: "\"$nutune\" plugin check '\(PluginLibraries.path(library))'")
    #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
    #expect(run.output.contains("\n\(title)\n"))
    #expect(run.output.contains("  passed   \(check)\n"), "\(run.output)")
    #expect(run.output.contains(" 0 failed, 0 warnings"), "\(run.output)")
    let built = try CommandLineRun(
      plugins: "\"$nutune\" plugin check '\(PluginLibraries.path(library))' --set nothing=1")
    #expect(built.exitCode == 64 && built.errors.contains("nothing: found an unknown parameter"), "\(built.errors)")
  }
}
