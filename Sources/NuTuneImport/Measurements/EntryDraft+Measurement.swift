import NuTuneCatalog
import NuTuneCore

extension EntryDraft {
  /// The entry of a measurement as it would be written.
  ///
  /// - Parameters:
  ///   - measurement: bins, values, errors, and the covariance where there is one.
  ///   - reaction: species and nucleus.
  ///   - flux: the flux entry over which the cross section is averaged.
  ///   - description: name, title, sources.
  ///   - lines: lines of the summary below the first.
  ///   - hints: warnings.
  init(
    _ measurement: CrossSectionMeasurement, of reaction: Reaction, flux: String, _ description: EntryDescription,
    lines: String = "", hints: [String]
  ) throws {
    let pair = measurement.observables
    let name = description.name
    var files = [("\(name).csv", MeasurementText.table(measurement))]
    var values: [(String, String)] = [
      ("channel", reaction.species.rawValue), ("target", reaction.target.name), ("flux", flux),
      ("observables", "[\(pair.first.rawValue), \(pair.second.rawValue)]"), ("unit", "\(measurement.unit)"),
      ("file", "\(name).csv"),
    ]
    if let matrix = measurement.covariance {
      files.append(("\(name)-covariance.csv", MeasurementText.table(matrix)))
      values.append(("covariance", "\(name)-covariance.csv"))
    }
    files.append(("\(name).yaml", EntryText(description, .measurements, values: values).text))
    self.init(
      kind: .measurements, name: name, files: files,
      summary: "\(reaction.species.rawValue) on \(reaction.target.name), flux \(flux)\n" + lines
        + (try measurement.summary()),
      hints: hints, check: MeasurementReadBack(measurement: measurement))
  }
}
