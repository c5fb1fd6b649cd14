import Foundation
import Testing

/// Events from the command that draws them to the study that takes them as data.
@Suite("nutune events")
struct EventsCommandTests {
  private static let draw = "events toy-sf --flux t2k-nd280-fhc --channel numu --target C12"

  private static func inFolder(_ body: (_ run: (String) throws -> CommandLineRun, _ path: String) throws -> Void) throws
  {
    let path = NSTemporaryDirectory() + "nutune-events-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try FileManager.default.createDirectory(atPath: path + "/catalogs/measurements", withIntermediateDirectories: true)
    try body(
      { line in
        try CommandLineRun(
          shell: "NUTUNE_CATALOGS='\(path)/catalogs:\(CommandLineRun.root)/catalogs' $nutune \(line)", in: path)
      }, path)
  }

  @Test("events are drawn, imported, and describe the study that knows their truth")
  func story() throws {
    try Self.inFolder { run, path in
      let drawn = try run("\(Self.draw) --events 20000 --seed 7 --out e.hepmc3")
      #expect(drawn.exitCode == 0 && drawn.output.hasSuffix("wrote e.hepmc3\n"), "\(drawn.errors)")
      let taken = try run(
        "import events e.hepmc3 --format nuhepmc --channel numu --target C12 --flux t2k-nd280-fhc "
          + "--observables lepton_energy,cos_theta --binning 0.2:1:0.2,1.5,3 --binning -1,0,0.5,0.8,1 "
          + "--name drawn --title Drawn --no-citation --catalog catalogs --yes")
      #expect(taken.exitCode == 0 && taken.output.contains("20000 events, 20000 charged currents"), "\(taken.errors)")
      #expect(!taken.errors.contains("look at the flux") && !taken.errors.contains("the flux in the file"))
      let study = """
        schema: nutune.study/1
        name: drawn
        title: Drawn
        data: [drawn]
        models: {theory: {model: toy-sf}}

        """
      try study.write(toFile: "\(path)/s.yaml", atomically: true, encoding: .utf8)
      let studied = try run("run s.yaml --no-report --out r")
      #expect(studied.exitCode == 0, "\(studied.errors)")
      let data = try Data(contentsOf: URL(filePath: "\(path)/r/results.json"))
      let results = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      let model = try #require((results["models"] as? [String: Any])?["theory"] as? [String: Any])
      let near = try #require(model["near"] as? [String: Any])
      let bins = try #require(near["bins"] as? Double)
      // χ² of the truth has mean n and deviation √2n; the seed is fixed.
      #expect(abs(try #require(near["deviance"] as? Double) - bins) < 4 * (2 * bins).squareRoot())
    }
  }

  @Test("the same seed gives the same file for any number of threads; mistakes are sentences")
  func files() throws {
    try Self.inFolder { run, path in
      for (threads, name) in [(1, "a"), (3, "b")] {
        let drawn = try run(
          "\(Self.draw) --events 500 --range 0.5:0.8 --format csv --jobs \(threads) --out \(name).csv")
        #expect(drawn.exitCode == 0, "\(drawn.errors)")
      }
      let texts = try ["a", "b"].map { try String(contentsOfFile: "\(path)/\($0).csv", encoding: .utf8) }
      #expect(texts[0] == texts[1])
      let rows = texts[0].split(separator: "\n").filter { !$0.hasPrefix("#") }
      #expect(rows.count == 501 && rows[0] == "neutrino_energy,lepton_energy,cos_theta")
      let none = try run("\(Self.draw) --events 0 --out c.csv")
      #expect(none.exitCode == 64 && none.errors.contains("--events: found 0; expected 1 to 100000000"))
      let tuned = try run(Self.draw.replacing("toy-sf", with: "neural-sf") + " --events 5 --out c.csv")
      #expect(tuned.exitCode == 64 && tuned.errors.contains("a model that has to be tuned first"))
      let range = try run("\(Self.draw) --events 5 --range 3:1 --out c.csv")
      #expect(range.exitCode == 64 && range.errors.contains("--range: found “3:1”; expected lo:hi in GeV"))
    }
  }

  @Test("a bad file is one sentence and exit code 65, one that lacks what an option can say 64")
  func badFiles() throws {
    try Self.inFolder { run, path in
      #expect(try run("\(Self.draw) --events 40 --range 0.5:0.8 --out e.hepmc3").exitCode == 0)
      let whole = try String(contentsOfFile: "\(path)/e.hepmc3", encoding: .utf8)
      let firstWeight = try #require(whole.split(separator: "\n").first { $0.hasPrefix("W 1") }).description
      let half = try #require(whole.range(of: "E 20 "))
      let header = try #require(whole.range(of: "E 0 "))
      let mistakes: [(name: String, text: String, found: String)] = [
        ("none", String(whole[..<header.lowerBound]) + "HepMC::Asciiv3-END_EVENT_LISTING\n", "found 0 events"),
        (
          "total", whole.replacing("FluxAveragedTotalCrossSection", with: "Other"),
          "--cross-section: found no mean cross section in the file"
        ),
        ("truncated", String(whole[..<half.lowerBound]), "without END_EVENT_LISTING"),
        ("units", whole.replacing("CrossSection.Unit pb", with: "CrossSection.Unit barn"), "found “barn”"),
        ("weight", whole.replacing(firstWeight, with: "W nan"), "found “nan”; expected a finite number"),
        ("weights", whole.replacing(firstWeight, with: "W"), "weight"),
        ("flavour", whole.replacing(" 14 ", with: " 12 "), "found the neutrino 12; expected 14"),
        ("empty", "", "found"),
      ]
      for mistake in mistakes {
        #expect(mistake.text != whole, "\(mistake.name)")
        try mistake.text.write(toFile: "\(path)/bad.hepmc3", atomically: true, encoding: .utf8)
        let taken = try run(
          "import events bad.hepmc3 --format nuhepmc --channel numu --target C12 --flux t2k-nd280-fhc "
            + "--observables lepton_energy,cos_theta --binning 0.2:1:0.2 --binning -1,1 --name bad --title Bad "
            + "--no-citation --catalog catalogs --yes")
        #expect(
          taken.exitCode == (mistake.name == "total" ? 64 : 65) && taken.errors.contains(mistake.found),
          "\(mistake.name): \(taken.errors)")
        #expect(taken.errors.split(separator: "\n").count == 1, "\(mistake.name): \(taken.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: "\(path)/catalogs/measurements/bad.yaml"))
      let gone = try run("import events gone.hepmc3 --format nuhepmc --channel numu --target C12 --table t.h5")
      #expect(gone.exitCode == 66 && gone.errors.contains("gone.hepmc3"), "\(gone.errors)")
    }
  }
}
