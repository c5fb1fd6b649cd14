import NuTuneCore
import NuTuneReport
import NuTuneResults

/// A HEPData submission: `submission.yaml` and a YAML table for each distribution, contour and covariance.
package struct HepDataSubmission: Sendable {
  /// One table.
  struct Table: Sendable {
    /// Name, at most 64 characters.
    var name: String
    /// Description for people.
    var description: String
    /// Name of its file.
    var file: String
    /// Independent and dependent variables.
    var variables: [HepDataVariable]
  }

  /// Longest name of a table.
  private static let longestName = 64

  /// Comment on the whole submission.
  var comment: String
  /// The tables; their names differ.
  var tables: [Table]

  /// Creates the submission of a run.
  package init(_ run: FinishedRun, labels: [String]) {
    let study = run.results.study
    comment = "\(study.title) (study \(study.name)), NuTune \(run.results.provenance.version)"
    tables = ExportedDistribution.all(of: run, labels: labels).map(Self.table)
    for fit in ExportedFit.all(of: run, labels: labels) { tables += Self.tables(of: fit) }
  }

  private static func table(_ distribution: ExportedDistribution) -> Table {
    let bins = (0..<distribution.binning.count).map { distribution.binning.allRanges(of: $0) }
    let names = distribution.binning.observableNames
    return table(
      distribution.name, distribution.title,
      names.enumerated().map { position, observable in
        HepDataVariable(
          name: observable.rawValue, unit: observable.unit, isIndependent: true,
          values: bins.map { .range($0[position]) })
      }
        + distribution.curves.map { curve in
          HepDataVariable(
            name: curve.name, unit: distribution.unit, isIndependent: false,
            values: curve.values.indices.map {
              .measured(curve.values[$0], error: curve.errors?[$0])
            })
        })
  }

  private static func tables(of fit: ExportedFit) -> [Table] {
    var tables: [Table] = []
    let (parameters, points) = (fit.fit.parameters, fit.contourPoints)
    if !points.isEmpty, parameters.count >= 2 {
      func variable(_ name: String, _ isIndependent: Bool, _ values: [Double]) -> HepDataVariable {
        HepDataVariable(
          name: name, unit: name.hasPrefix("dm2") ? "eV2" : "", isIndependent: isIndependent,
          values: values.map { .measured($0, error: nil) })
      }
      tables.append(
        table(
          "\(fit.label) contours",
          "Contours of the fit with \(fit.label); points of one line follow one another",
          [
            variable("probability", true, points.map(\.probability)),
            variable("line", true, points.map { Double($0.line) }),
            variable(parameters[0], false, points.map(\.first)), variable(parameters[1], false, points.map(\.second)),
          ]))
    }
    if let covariance = fit.covariance {
      let pairs = parameters.indices.flatMap { i in parameters.indices.map { (i, $0) } }
      tables.append(
        table(
          "\(fit.label) covariance", "Covariance of the fitted parameters at the minimum, \(fit.label)",
          [
            HepDataVariable(
              name: "first parameter", unit: "", isIndependent: true, values: pairs.map { .word(parameters[$0.0]) }),
            HepDataVariable(
              name: "second parameter", unit: "", isIndependent: true, values: pairs.map { .word(parameters[$0.1]) }),
            HepDataVariable(
              name: "covariance", unit: "", isIndependent: false,
              values: pairs.map { .measured(covariance[$0.0][$0.1], error: nil) }),
          ]))
    }
    return tables
  }

  private static func table(_ name: String, _ description: String, _ variables: [HepDataVariable]) -> Table {
    let name = String(name.prefix(longestName))
    return Table(
      name: name, description: description, file: "\(ExportedFile.name(of: name)).yaml", variables: variables)
  }

  /// The files of the submission.
  package var files: [ExportedFile] {
    var submission = "comment: \(YAMLText.quoted(comment))\n"
    for table in tables {
      submission += """
        ---
        name: \(YAMLText.quoted(table.name))
        description: \(YAMLText.quoted(table.description))
        keywords: []
        data_file: \(YAMLText.quoted(table.file))

        """
    }
    return [
      ExportedFile(
        name: "submission.yaml", note: "HEPData submission of \(tables.count) tables", content: .text(submission))
    ]
      + tables.map { ExportedFile(name: $0.file, note: $0.description, content: .text(Self.text(of: $0))) }
  }

  private static func text(of table: Table) -> String {
    [("independent_variables", true), ("dependent_variables", false)].map { key, isIndependent in
      "\(key):\n" + table.variables.filter { $0.isIndependent == isIndependent }.map(\.text).joined()
    }.joined()
  }
}
