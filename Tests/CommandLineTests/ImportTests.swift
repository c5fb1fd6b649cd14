import Foundation
import Testing

@Suite("nutune import")
struct ImportTests {
  /// A folder with a catalog and a flux in T2K's layout, gone with this object.
  private final class Place: Sendable {
    let path: String

    init() throws {
      path = NSTemporaryDirectory() + "nutune-import-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: path + "/catalogs", withIntermediateDirectories: true)
      try """
      FLUX PREDICTION
      0  [0,0.5]  1e9
      1  [0.5,1]  8e9
      2  [1,2]  2e9

      """.write(toFile: path + "/flux.txt", atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The rest of a command that imports the flux.
    static let all =
      "--as flux --skip 1 --columns -,low,high,numu --area cm2 --per 50MeV --pot 5.7e20 --energy GeV "
      + "--name beam --title 'A beam' --no-citation --catalog catalogs"

    func run(_ line: String) throws -> CommandLineRun {
      try CommandLineRun(shell: "NUTUNE_CATALOGS=catalogs $nutune \(line)", in: path)
    }

    var entries: [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: path + "/catalogs/fluxes"))?.sorted() ?? []
    }
  }

  @Test("help of every format shows an example")
  func help() throws {
    for format in ["globes", "root", "nuisance", "hepdata", "csv"] {
      let run = try CommandLineRun("import", format, "--help")
      #expect(run.exitCode == 0 && run.output.contains("Example:\n  nutune import \(format)"))
    }
    let wrong = try CommandLineRun("import", "globs", "flux.txt")
    #expect(wrong.exitCode == 64)
    #expect(wrong.errors.hasPrefix("nutune: error: found the unknown command “import globs”; expected one of globes, "))
    #expect(wrong.errors.hasSuffix("; did you mean “globes”?\n"))
  }

  @Test("without a terminal what is missing is named, and nothing is written without --yes")
  func noTerminal() throws {
    let place = try Place()
    let missing = try place.run("import nuisance flux.txt --as flux --skip 1 --per 50MeV < /dev/null")
    #expect(missing.exitCode == 64 && missing.output == "")
    #expect(
      missing.errors.hasPrefix(
        "nutune: error: found no --columns, --area, --pot, --energy, --name, --title, --cite; expected --columns (for each "
          + "of column 1 (0, …), column 2 (0, …), column 3 (0.5, …), column 4 (1e9, …) in turn"))
    #expect(missing.errors.split(separator: "\n").count == 1)
    let shown = try place.run("import nuisance flux.txt \(Place.all) < /dev/null")
    #expect(shown.exitCode == 64)
    #expect(shown.output.contains("numu     0 to 2   3     0.5 to 1"))
    #expect(
      shown.errors == "nutune: error: found no terminal on which to confirm catalogs/fluxes/beam.yaml, so nothing was "
        + "written; expected --yes when what was read is right\n")
    #expect(place.entries == [])
  }

  @Test("an entry is written, shown, not overwritten, replaced on demand")
  func story() throws {
    let place = try Place()
    let first = try place.run("import nuisance flux.txt \(Place.all) --yes < /dev/null")
    #expect(first.exitCode == 0 && first.output.hasSuffix("wrote catalogs/fluxes/beam.yaml\n"), "\(first.errors)")
    #expect(place.entries == ["beam.csv", "beam.yaml"])
    let shown = try place.run("show beam")
    #expect(shown.exitCode == 0 && shown.output.contains("source.options.per: 50MeV"))
    #expect(shown.output.contains("source.options.skip: 1"))
    let again = try place.run("import nuisance flux.txt \(Place.all) --yes < /dev/null")
    #expect(again.exitCode == 73 && again.errors.contains("--force to replace it"))
    let forced = try place.run("import nuisance flux.txt \(Place.all) --yes --force --digits 1 < /dev/null")
    #expect(forced.exitCode == 0)
    let table = try String(contentsOfFile: place.path + "/catalogs/fluxes/beam.csv", encoding: .utf8)
    // 1e9 / 0.05 GeV / 5.7e20.
    #expect(table.hasPrefix("E_low_GeV,E_high_GeV,numu_per_cm2_per_GeV_per_POT\n0,0.5,4e-11\n"))
  }

  @Test("a measurement becomes an entry that is listed and shown")
  func measurement() throws {
    let place = try Place()
    #expect(try place.run("import nuisance flux.txt \(Place.all) --yes").exitCode == 0)
    try "0 0 1 0 1 4 0.4\n1 0 1 1 30 1 0.1\n".write(
      toFile: place.path + "/data.txt", atomically: true, encoding: .utf8)
    let run = try place.run(
      "import nuisance data.txt --as measurement --no-covariance --unit '1e-39 cm2/GeV/nucleon' --energy GeV "
        + "--columns -,cos_theta.low,cos_theta.high,lepton_momentum.low,lepton_momentum.high,value,error "
        + "--channel numu --target CH --flux beam --name data --title 'Some data' --no-citation --catalog catalogs --yes"
    )
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.hasPrefix("nutune: warning: without a covariance"))
    #expect(try place.run("list measurements").output == "measurements\n  data  catalog  Some data\n")
    let shown = try place.run("show data")
    #expect(shown.output.contains("sum of the bins 3.3e-38 cm2/nucleon"))
    let json = try JSONSerialization.jsonObject(with: Data(try place.run("show data --json").output.utf8))
    let numbers = try #require((json as? [String: Any])?["measurement"] as? [String: Any])
    #expect(numbers["bins"] as? Int == 2 && numbers["has_covariance"] as? Bool == false)
  }

  @Test(
    "on a terminal it asks, tells what was wrong, and asks again",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"), "no script (bsdutils)"))
  func terminal() throws {
    let place = try Place()
    let answers = ["-,low,high,numu", "km2", "cm2", "50MeV", "5.7e20", "GeV", "beam", "A beam", "none", "y"]
    let words = answers.map { "'\($0)'" }.joined(separator: " ")
    let command = "$nutune import nuisance flux.txt --as flux --skip 1 --catalog catalogs"
    let run = try CommandLineRun(
      shell: "(for answer in \(words); do sleep 0.1; echo \"$answer\"; done; sleep 1) "
        + "| script -qec \"\(command)\" /dev/null", in: place.path)
    #expect(run.output.contains("The flux is per which area?"))
    #expect(run.output.contains("found “km2”; expected cm2 or m2"))
    #expect(run.output.contains("write catalogs/fluxes/beam.yaml? [y/N]"))
    #expect(place.entries == ["beam.csv", "beam.yaml"], "\(run.output)")
  }
}
