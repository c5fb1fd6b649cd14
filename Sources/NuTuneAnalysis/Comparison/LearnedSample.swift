import NuTuneCore

/// One near sample that a model learned from: what it holds, and where it constrains the model.
package struct LearnedSample: Sendable {
  /// Name of the sample.
  package var name: String
  /// Its reaction, and those with each nucleus of the detector.
  package var reactions: [Reaction]
  /// The near data that have a scale in common with it; none of values that fix no scale.
  package var groups: [NearGroup]
  /// Whether the model learned the number of events or the measured cross section, beside the shape.
  package var hasScale: Bool
  /// Number of events; nil for infinitely many and for measured values.
  package var events: Double?
  /// Relative error of the sum of its bins: of measured values from their covariance over their weight, flux and norm
  /// included, of events from their number; nil for infinitely many.
  package var totalError: Double?
  /// Data and rate of the model in the same unit; nil for measured values, and for a model without structure functions.
  package var rates: (data: Double, model: Double)?
  /// Ranges of W² and of Q² in GeV² that hold the central share of the rate; nil for a model without structure
  /// functions.
  package var place: (w2: ClosedRange<Double>, q2: ClosedRange<Double>)?
}
