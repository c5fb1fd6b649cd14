import NuTuneCore
import NuTuneFiles
import NuTuneTables

/// A table of d²σ/(dE_l dcosθ) with its statistical errors from events of single neutrino energies, for the model
/// `tabulated`. The value of a bin stands at its middle; bins are dense where peaks are.
package struct EventTable: Sendable {
  /// The cross section.
  package let values: NuTuneTables.CrossSectionTable
  /// One standard deviation of each value by the number of events; zero without events.
  package let errors: NuTuneTables.CrossSectionTable
  /// What was read, lines for people.
  package let summary: String

  /// Largest relative difference of energies that are one.
  private static let sameEnergy = 1e-6

  /// Reads files, each of one neutrino energy; files of the same energy count together.
  ///
  /// - Parameters:
  ///   - files: paths.
  ///   - format: of all files.
  ///   - reaction: channel and target of all events.
  ///   - shape: bins in the lepton's energy and in its cosine.
  ///   - crossSection: mean of all events, `0.95e-38 cm2/nucleon`, for files of one energy that do not say it.
  ///   - python: returns the Python that reads ROOT files.
  package init(
    _ files: [String], format: EventFile.Format, reaction: Reaction, shape: (leptons: Int, cosines: Int),
    crossSection: String?, python: () throws -> PythonWithUproot
  ) throws {
    let given = try crossSection.map(EventNormalization.read)
    let slabs = try files.map { path in
      var slab = EventSlab(reaction, shape: shape)
      let file = try EventFile.read(path, as: format, target: reaction.target, python: python) { try slab.add($0) }
      try slab.close(file, given)
      return slab
    }.sorted { $0.energy < $1.energy }
    var groups: [[EventSlab]] = []
    for slab in slabs {
      if let last = groups.last?[0].energy, slab.energy - last <= Self.sameEnergy * last {
        groups[groups.count - 1].append(slab)
      } else {
        groups.append([slab])
      }
    }
    guard given == nil || groups.count == 1 else {
      throw NuTuneError(
        .usage, key: "--cross-section", found: "one cross section for \(groups.count) energies",
        expected: "files that say their own, or those of one energy")
    }
    let labels = [
      "unit": NuTuneTables.CrossSectionTable.unit, "channel": reaction.species.rawValue, "target": reaction.target.name,
      "model": "events", "source": files.map { FilePath.name(of: $0) }.joined(separator: " "),
    ]
    var values = NuTuneTables.CrossSectionTable(labels: labels)
    var errors = NuTuneTables.CrossSectionTable(labels: labels.merging(["content": "statistical errors"]) { $1 })
    var lines = ""
    for group in groups {
      let section = EventSlab.sum(of: group)
      for (point, bin) in group[0].points.enumerated() {
        for (content, isError) in [(section.values[point], false), (section.errors[point], true)] {
          let value = content / bin.area
          if isError {
            errors.append(energy: bin.energy, leptonEnergy: bin.leptonEnergy, cosTheta: bin.cosTheta, value: value)
          } else {
            values.append(energy: bin.energy, leptonEnergy: bin.leptonEnergy, cosTheta: bin.cosTheta, value: value)
          }
        }
      }
      func digits(_ value: Double) -> String { SignificantDigits.text(value, 4) }
      let total = section.values.reduce(0, +)
      let error = section.errors.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let filled = section.values.count { $0 > 0 }
      lines += "\(digits(group[0].energy)) GeV: \(group.reduce(0) { $0 + $1.selected }) charged currents of "
      lines += "\(group.reduce(0) { $0 + $1.events }) events in \(filled) of \(section.values.count) bins, "
      lines += "\(digits(total))e-38 ± \(digits(error))e-38 cm2/nucleon\n"
    }
    (self.values, self.errors, summary) = (values, errors, lines)
  }
}
