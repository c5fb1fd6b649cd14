import NuTuneCore
import NuTuneImport
import Testing

@Suite("Energy bins of imported fluxes")
struct EnergyBinTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func flux(_ text: String, _ columns: String = "low,high,numu", points: ImportedFlux.Points? = nil) throws
    -> ImportedFlux
  {
    let table = try ColumnTable(commaSeparated: try folder.file("flux.csv", text))
    let names: [String: FluxColumn] = [
      "low": .low, "high": .high, "center": .center, "offaxis": .offaxis, "numu": .flux(.numu), "nue": .flux(.nue),
    ]
    return try ImportedFlux(
      [(table, columns.split(separator: ",").map { names[String($0)] ?? .ignored })],
      units: FluxUnits(area: 1, per: .energy(1), pot: 1, energy: 1), points: points)
  }

  private func spectrum(_ flux: ImportedFlux) throws -> FluxSpectrum {
    try #require(flux.positions.first?.spectra.first)
  }

  @Test("energies without edges: centres of bins, lower edges, points of a curve")
  func points() throws {
    let text = "E,f\n0.25,2\n0.75,4\n1.25,0\n"
    let centers = try spectrum(try flux(text, "center,numu", points: .centers))
    #expect(centers.edges == [0, 0.5, 1, 1.5] && centers.densities == [2, 4, 0])
    let edges = try spectrum(try flux(text, "center,numu", points: .edges))
    #expect(edges.edges == [0.25, 0.75, 1.25] && edges.densities == [2, 4])
    let curve = try spectrum(try flux(text, "center,numu", points: .curve))
    #expect(curve.edges == [0.25, 0.75, 1.25] && curve.densities == [3, 2])
    #expect(curve.integral() == 2.5)
  }

  @Test("energies that do not fit what is said of them")
  func misfits() throws {
    #expect(
      folder.sentence { _ = try flux("E,f\n0.25,2\n0.75,4\n2,0\n", "center,numu", points: .centers) }
        == "flux.csv:3: center: found the energy 0.75 off steps of 0.875 GeV; expected centres of bins of one width; "
        + "--points edges or curve reads others")
    #expect(
      folder.sentence { _ = try flux("E,f\n0.1,2\n0.6,4\n", "center,numu", points: .centers) }
        .contains("found a first bin from -0.15 GeV"))
    #expect(
      folder.sentence { _ = try flux("E,f\n0,2\n1,4\n", "center,numu", points: .edges) }
        == "flux.csv:3: numu: found the flux 4.0 above the last edge; expected 0 in the last line, which only closes "
        + "the last bin")
    #expect(
      folder.sentence { _ = try flux("a,b,f\n0,1,2\n1.5,2,4\n") }
        == "flux.csv:3: energy bins: found a bin from 1.5 after one that ends at 1.0; expected bins that follow one "
        + "another")
    #expect(
      folder.sentence { _ = try flux("a,b,f\n0,1,2\n1,2,-4\n") }
        == "flux.csv:3: numu: found the negative flux -4.0; expected a flux ≥ 0")
    #expect(
      folder.sentence { _ = try flux("a,b,f\n0,1,x\n") } == "flux.csv:2: f: found “x”; expected a finite number")
    #expect(
      folder.sentence { _ = try flux("a,f\n0,1\n", "low,numu") }.contains("low and high once each, or center once"))
  }

  @Test("rebinning keeps the content; a bin that is a part of one of the old ones keeps its density bit for bit")
  func rebinning() throws {
    let old = try spectrum(try flux("a,b,f\n0,0.1,0.3\n0.1,0.4,0.7\n0.4,1,0.11\n"))
    let new = old.rebinned(to: [0, 0.05, 0.1, 0.25, 0.7, 1])
    #expect(new.densities[0] == 0.3 && new.densities[1] == 0.3 && new.densities[2] == 0.7 && new.densities[4] == 0.11)
    // 0.25…0.4 at 0.7 and 0.4…0.7 at 0.11.
    #expect(abs(new.densities[3] - (0.15 * 0.7 + 0.3 * 0.11) / 0.45) < 1e-15)
    #expect(abs(new.integral() - old.integral()) < 1e-15)
    let outside = folder.sentence { _ = try flux("a,b,f\n0,1,2\n").rebinned(to: [0, 2]) }
    #expect(
      outside == "--rebin: found edges from 0.0 to 2.0 GeV; expected edges within 0.0 to 1.0 GeV, which the flux covers"
    )
  }

  @Test("a column that ends before the others is zero from there on, positions off the axis have bins of their own")
  func positions() throws {
    let flux = try flux(
      "x,a,b,f,g\n0,0,1,2,3\n0,1,2,,5\n6,0,2,7,8\n", "offaxis,low,high,numu,nue"
    ).rebinned(to: nil)
    #expect(flux.positions.map(\.offaxis) == [0, 6])
    #expect(flux.positions[0].spectra.map(\.densities) == [[2, 0], [3, 5]])
    #expect(flux.positions[1].spectra.map(\.edges) == [[0, 2], [0, 2]])
    #expect(
      flux.table(digits: 2) == """
        offaxis_m,E_low_GeV,E_high_GeV,numu_per_cm2_per_GeV_per_POT,nue_per_cm2_per_GeV_per_POT
        0,0,1,2,3
        0,1,2,0,5
        6,0,2,7,8

        """)
  }
}
