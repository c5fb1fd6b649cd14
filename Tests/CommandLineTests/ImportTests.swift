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

    func run(_ line: String, python: String = "") throws -> CommandLineRun {
      try CommandLineRun(
        shell: "NUTUNE_CATALOGS=catalogs \(python.isEmpty ? "" : "NUTUNE_PYTHON='\(python)'") $nutune \(line)", in: path
      )
    }

    var entries: [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: path + "/catalogs/fluxes"))?.sorted() ?? []
    }
  }

  @Test("help of every format shows an example")
  func help() throws {
    for format in ["globes", "root", "nuisance", "hepdata", "csv", "events"] {
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

  @Test("columns that begin with a dash ask for no help, whatever else is wrong")
  func leadingDash() throws {
    let place = try Place()
    for line in [
      "import nuisance --columns -,low,high,numu", "import csv --columns -,low,high,numu --nothing x",
      "import hepdata flux.txt --columns - --columns -,high --columns x",
    ] {
      let run = try place.run("\(line) < /dev/null")
      #expect(run.exitCode == 64 && run.output == "", "\(line): \(run.output)")
    }
    #expect(try place.run("import nuisance --columns -,low,high,numu --help").exitCode == 0)
  }

  @Test("without a catalogs folder one is made here, not in the program's own")
  func newCatalog() throws {
    let place = try Place()
    try FileManager.default.createDirectory(atPath: place.path + "/empty/deep", withIntermediateDirectories: true)
    try FileManager.default.removeItem(atPath: place.path + "/catalogs")
    let line = Place.all.replacing(" --catalog catalogs", with: "").replacing("--name beam", with: "--name stray")
    func run(_ folder: String) throws -> CommandLineRun {
      try CommandLineRun(
        shell: "env -u NUTUNE_CATALOGS $nutune import nuisance \(place.path)/flux.txt \(line) --yes", in: folder)
    }
    let first = try run(place.path + "/empty")
    #expect(first.exitCode == 0 && first.output.hasSuffix("\nwrote catalogs/fluxes/stray.yaml\n"), "\(first.errors)")
    #expect(FileManager.default.fileExists(atPath: place.path + "/empty/catalogs/fluxes/stray.csv"))
    // From then on it is the nearest one, from below as well.
    let again = try run(place.path + "/empty/deep")
    #expect(again.exitCode == 73 && again.errors.contains("/empty/catalogs/fluxes/stray.csv: found a file"))
    #expect(!FileManager.default.fileExists(atPath: CommandLineRun.root + "/catalogs/fluxes/stray.yaml"))
    let nowhere = try CommandLineRun(
      shell: "$nutune import nuisance flux.txt \(Place.all) --catalog '' --yes", in: place.path)
    #expect(nowhere.exitCode == 64 && nowhere.errors.contains("found an empty word after “--catalog”"))
  }

  @Test("modules that lie in the current folder or on PYTHONPATH are not run")
  func isolatedPython() throws {
    let place = try Place()
    for name in ["numpy", "uproot", "json", "math"] {
      try "open('\(place.path)/executed', 'w')\n".write(
        toFile: place.path + "/\(name).py", atomically: true, encoding: .utf8)
    }
    try "no ROOT file".write(toFile: place.path + "/f.root", atomically: true, encoding: .utf8)
    let run = try CommandLineRun(
      shell: "PYTHONPATH=. NUTUNE_PYTHON=python3 $nutune import root f.root --histogram numu=h < /dev/null",
      in: place.path)
    // 66 where python3 has no uproot, 65 where it has.
    #expect([65, 66].contains(run.exitCode), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: place.path + "/executed"))
  }

  @Test("ROOT: names with blanks and cycles, axes in MeV, contents outside the bins")
  func root() throws {
    let place = try Place()
    // In place of a Python: says which objects it was asked for, and answers as the reading script does.
    let object =
      #"{"kind": "histogram", "titles": ["t"], "axes": ["E [MeV]", ""], "flow": [0, 1e9], "edges": [0, 500, 1000], "#
      + #""contents": [1e9, 2e9]}"#
    try """
    #!/bin/bash
    [ "$3" = "import numpy, uproot" ] && exit 0
    printf '%s\\n' "$@" | grep -v import > asked
    cat <<END
    {"objects": {"dir/numu flux": \(object), "h;1": \(object)}}
    END
    """.write(toFile: place.path + "/python", atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.path + "/python")
    try "".write(toFile: place.path + "/f.root", atomically: true, encoding: .utf8)
    func run(_ energy: String) throws -> CommandLineRun {
      try place.run(
        "import root f.root --histogram 'numu=dir/numu flux' --histogram 'nue=h;1' --area cm2 --per bin --pot 1e21 \(energy) "
          + "--name r --title R --no-citation --catalog catalogs --yes --force < /dev/null",
        python: place.path + "/python")
    }
    let right = try run("--energy MeV")
    #expect(right.exitCode == 0, "\(right.errors)")
    let asked = try String(contentsOfFile: place.path + "/asked", encoding: .utf8)
    #expect(asked.hasPrefix("-I\n-c\n") && asked.hasSuffix("\nf.root\ndir/numu flux\nh;1\n"))
    #expect(
      right.errors.contains(
        "dir/numu flux: 0 in the underflow and 1e+09 in the overflow (25 % of all) are left out: they have no energies")
    )
    #expect(
      try place.run("show r").output.contains("source.options.histogram: numu=dir/numu flux nue=h;1"))
    #expect(try run("").exitCode == 0)
    let wrong = try run("--energy GeV")
    #expect(wrong.exitCode == 64)
    #expect(wrong.errors.contains("f.root: --energy: found “GeV”; expected what the file says of “low”, MeV"))
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
