import Foundation
import Testing

/// Studies whose plugins are loaded at run time: what is kept of them, and what follows from a changed library.
@Suite(.serialized, .enabled(if: PluginLibraries.folder != nil, "nobody built the plugins; `make plugin-test` does"))
struct PluginLoadingStudyTests {
  /// A folder with a study that names its libraries, and copies of these.
  private struct Fixture {
    let folder = NSTemporaryDirectory() + "nutune-plugins-\(UUID().uuidString)"
    var library: String { "\(folder)/libraries/libSuperscaling.so" }

    init() throws {
      try FileManager.default.createDirectory(atPath: "\(folder)/libraries", withIntermediateDirectories: true)
      for name in ["Superscaling", "TwoFlavors", "NuTuneCore"] {
        try FileManager.default.copyItem(
          atPath: PluginLibraries.path(name), toPath: "\(folder)/libraries/lib\(name).so")
      }
      try """
      schema: nutune.study/1
      name: loaded
      plugins: [libraries/libSuperscaling.so, TwoFlavors]
      experiment: dune
      channels: [numu]
      truth: {model: superscaling}
      models:
        neural: {model: neural-sf, network: {hidden: [12, 12]}, training: {steps: 100}}
        heavier: {model: superscaling, axial_mass: 1.2}
      near: {events: 3.0e6}
      far: {events: 6200, sample: asimov}
      oscillation: {model: two-flavors, fit: [sin2_2theta, dm2]}
      fold: {cell_scale: 6, nodes_w2: 60, nodes_q2: 36}
      fit: {scan_points: 11}
      slices: {energies: [2]}
      systematics:
        ensemble: {members: 2, vary: [statistics], breakdown: 0, scan_points: 21}
      """.write(toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    func nutune(_ line: String) throws -> CommandLineRun {
      try CommandLineRun(
        plugins: "export NUTUNE_PLUGIN_PATH=/nowhere:'\(folder)/libraries'; \"$nutune\" \(line)", in: folder)
    }

    /// Another build of the library: bytes behind the end of an ELF file mean nothing to who loads it.
    func changeLibrary() throws {
      let handle = try #require(FileHandle(forWritingAtPath: library))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data([0]))
      try handle.close()
    }

    func json(_ file: String) throws -> [String: Any] {
      let data = try Data(contentsOf: URL(filePath: "\(folder)/\(file)"))
      return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
  }

  @Test("a run keeps its libraries, goes on with them, and computes anew what a changed one made")
  func run() throws {
    let fixture = try Fixture()
    defer { fixture.remove() }
    #expect(
      try fixture.nutune("check study.yaml").output.contains("truth superscaling; models neural (neural-sf), heavier"))
    let first = try fixture.nutune("run study.yaml --out a")
    try #require(first.exitCode == 0 || first.exitCode == 2, "\(first.errors)")
    let kept = try #require(try fixture.json("a/study.json")["plugins"] as? [[String: String]])
    #expect(kept.map { $0["path"] } == [fixture.library, "\(fixture.folder)/libraries/libTwoFlavors.so"])
    #expect(kept.allSatisfy { $0["sha256"]?.count == 64 })
    let provenance = try #require(try fixture.json("a/results.json")["provenance"] as? [String: Any])
    #expect(provenance["plugins"] as? [[String: String]] == kept)
    #expect(try String(contentsOfFile: "\(fixture.folder)/a/report.html", encoding: .utf8).contains(fixture.library))

    let again = try fixture.nutune("run study.yaml --out a --resume")
    #expect(again.errors.contains("tune-neural: as before") && again.errors.contains("fit-heavier: as before"))
    // Nobody asked for the libraries of a run folder: they are named, not loaded.
    let cite = try fixture.nutune("cite a")
    #expect(cite.exitCode == 0 && cite.output.contains("Hackett:2024xnq"))
    #expect(!cite.output.contains("LlewellynSmith:1971uhs") && cite.errors.contains("--plugin \(fixture.library)"))
    let whole = try fixture.nutune("cite a --plugin Superscaling --plugin TwoFlavors")
    #expect(whole.exitCode == 0 && whole.output.contains("LlewellynSmith:1971uhs") && whole.errors.isEmpty)
    #expect(try fixture.nutune("report a").exitCode == 0)

    try fixture.changeLibrary()
    let changed = try fixture.nutune("run study.yaml --out a --resume")
    #expect(!changed.errors.contains("near-data: as before"), "\(changed.errors)")
    #expect(!changed.errors.contains("fit-heavier: as before"))
  }

  @Test("a study that is found by its bare name loads nothing")
  func bareName() throws {
    let fixture = try Fixture()
    defer { fixture.remove() }
    let studies = "\(fixture.folder)/catalogs/studies"
    try FileManager.default.createDirectory(atPath: studies, withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: "\(fixture.folder)/study.yaml", toPath: "\(studies)/dune-closure.yaml")
    let run = try CommandLineRun(
      plugins: "unset NUTUNE_CATALOGS; \"$nutune\" check dune-closure", in: fixture.folder)
    #expect(
      run.exitCode == 65 && run.errors.contains("found libraries in a study that was found by its name"),
      "\(run.output)\(run.errors)")
    #expect(try fixture.nutune("check catalogs/studies/dune-closure.yaml").exitCode == 66)
  }

  @Test("a plan names libraries, and nothing but the user loads them")
  func ensemble() throws {
    let fixture = try Fixture()
    defer { fixture.remove() }
    let planned = try fixture.nutune("ensemble plan study.yaml --out e")
    try #require(planned.exitCode == 0, "\(planned.errors)")
    // The folder may be somebody else's.
    let block = "\"$nutune\" ensemble run e --block 0 --block-size 1 --jobs 1"
    let alone = try CommandLineRun(plugins: block, in: fixture.folder)
    #expect(alone.exitCode == 64 && alone.errors.contains("expected --plugin \(fixture.library)"), "\(alone.errors)")
    #expect(try fixture.nutune("ensemble run e --plugin libraries/libTwoFlavors.so").exitCode == 64)
    // As a task of a job array runs: by paths, without the search path.
    let both = "--plugin \(fixture.library) --plugin libraries/libTwoFlavors.so"
    let task = try CommandLineRun(plugins: "\(block) \(both)", in: fixture.folder)
    #expect(task.exitCode == 0 && task.errors.contains("1 members computed"), "\(task.errors)")
    try fixture.changeLibrary()
    let changed = try fixture.nutune("ensemble run e \(both)")
    #expect(changed.exitCode == 65)
    #expect(changed.errors.contains("libSuperscaling.so: found another library than the run was made with"))
  }

  @Test("what was loaded is marked, and found by file, folder, or name")
  func places() throws {
    let fixture = try Fixture()
    defer { fixture.remove() }
    let listed = try fixture.nutune("list cross-sections --plugin Superscaling")
    #expect(
      listed.output.contains("  superscaling") && listed.output.contains("[\(fixture.library)]"), "\(listed.errors)")
    #expect(
      try fixture.nutune("show superscaling --plugin \(fixture.library)").output.contains(
        "plugin of \(fixture.library)"))
    #expect(try fixture.nutune("show toy-sf").output.contains("built-in plugin"))
    let sigma = try fixture.nutune(
      "cross-section superscaling --channel numu --target Ar40 --energies 1:2:1 --plugin libraries/libSuperscaling.so")
    // σ/E of quasi-elastic scattering alone falls with energy.
    #expect(try sigma.number(1, 1) > sigma.number(2, 1) / 2 && sigma.number(1, 1) > 0, "\(sigma.errors)")
    let schema = try fixture.nutune("schema --plugin Superscaling --plugin Superscaling")
    #expect(schema.exitCode == 0 && schema.output.contains("cross-section.superscaling"))
    let oscillated = try fixture.nutune(
      "oscillate --model two-flavors --baseline 295 --density 0 --energies 0.5:1:0.5 --plugin TwoFlavors")
    #expect(oscillated.rows.count == 3, "\(oscillated.errors)")

    try FileManager.default.createDirectory(atPath: "\(fixture.folder)/P/.build", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: "\(fixture.folder)/P/.build/release", withDestinationPath: "\(fixture.folder)/libraries")
    let several = try fixture.nutune("list --plugin ./P")
    #expect(several.exitCode == 66 && several.errors.contains("found several libraries in "), "\(several.errors)")
    try FileManager.default.removeItem(atPath: "\(fixture.folder)/libraries/libTwoFlavors.so")
    #expect(try fixture.nutune("show superscaling --plugin ./P").exitCode == 0)
    let mistyped = try fixture.nutune("list --plugin Superscalign")
    #expect(mistyped.exitCode == 66 && mistyped.errors.contains("did you mean “Superscaling”?"), "\(mistyped.errors)")
  }

  @Test("a library that was moved away from NuTune's says so")
  func moved() throws {
    let fixture = try Fixture()
    defer { fixture.remove() }
    try FileManager.default.removeItem(atPath: "\(fixture.folder)/libraries/libNuTuneCore.so")
    let run = try fixture.nutune("list --plugin Superscaling")
    #expect(run.exitCode == 65 && run.errors.contains("libNuTuneCore.so"), "\(run.errors)")
  }
}
