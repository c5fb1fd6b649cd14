import ArgumentParser
import NuTuneImport

/// Options of measurements.
struct ImportMeasurementOptions: ParsableArguments {
  @Option(help: "Neutrino of a measurement: numu, numubar, nue or nuebar.")
  var channel: String?

  @Option(help: "Nucleus of a measurement, CH.")
  var target: String?

  @Option(help: "Flux entry over which a measurement is averaged.")
  var flux: String?

  @Option(help: "Unit of values and errors, 1e-39 cm2/GeV/nucleon.")
  var unit: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Covariance of a measurement: a matrix in a text file, FILE.root:OBJECT, a HEPData FILE.yaml or FILE.yaml:NAME. "
        + "Several add up.", valueName: "file"))
  var covariance: [String] = []

  @Option(
    parsing: .singleValue,
    help: "Unit of which a covariance has the square, as for --unit; or relative. Once for all or once for each.")
  var covarianceUnit: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Rows of a larger matrix that belong to the bins: 58-115 (counted from 0), inner, or flow:12x13. Once for all or "
        + "once for each.", valueName: "rows"))
  var covarianceRows: [String] = []

  @Flag(help: "There is no covariance.")
  var noCovariance = false

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Range of an observable that all bins of a file share, once for each file.", valueName: "observable=low:high"))
  var slice: [String] = []

  func validate() throws {
    if !covariance.isEmpty, noCovariance {
      throw ValidationError("found --covariance and --no-covariance; expected one of the two")
    }
  }

  func options(columns: [String], energy: String?) -> MeasurementImport.Options {
    var options = MeasurementImport.Options()
    (options.columns, options.slices, options.energy) = (columns, slice, energy)
    (options.channel, options.target, options.flux, options.unit) = (channel, target, flux, unit)
    (options.covariance, options.covarianceUnit, options.covarianceRows) = (covariance, covarianceUnit, covarianceRows)
    options.hasNoCovariance = noCovariance
    return options
  }
}
