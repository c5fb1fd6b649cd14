import NuTuneCore

/// What a file of events says beside its events.
package struct EventFile: Sendable {
  /// Path of the file.
  package var path: String
  /// What its weights are worth; nil where the file does not say it.
  package var normalization: EventNormalization?
  /// Edges of the flux of each neutrino in GeV with the neutrinos in each bin, by particle number.
  package var beams: [Int: (edges: [Double], contents: [Double])] = [:]

  /// Formats that can be read.
  package enum Format: String, Sendable, CaseIterable {
    /// NuHepMC in HepMC3's ASCII, plain or compressed by gzip.
    case nuhepmc
    /// The summary tree `gst` of GENIE's gntpc.
    case gst
    /// The flat tree `FlatTree_VARS` of NUISANCE.
    case nuisance
  }

  /// Reads a file event by event.
  ///
  /// - Parameters:
  ///   - target: the nucleus that counts where the file has its cross section per atom.
  ///   - python: returns the Python that reads ROOT files.
  ///   - take: takes the next event; an error that it throws gets the place of the event.
  /// - Throws: `NuTuneError` with the place in a file that is broken or incomplete.
  package static func read(
    _ path: String, as format: Format, target: Target, python: () throws -> PythonWithUproot,
    _ take: (GeneratedEvent) throws -> Void
  ) throws -> EventFile {
    switch format {
    case .nuhepmc: try NuHepMCReader.read(path, target: target, take)
    case .gst, .nuisance: try EventTree.read(path, format: format, python: try python(), take)
    }
  }
}
