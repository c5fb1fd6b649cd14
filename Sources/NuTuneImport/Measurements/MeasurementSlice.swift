import NuTuneCore

/// The range of an observable that all bins of a table share, in a measurement published in slices:
/// `cos_theta=0.8:0.9`.
struct MeasurementSlice: Sendable, Equatable {
  var axis: MeasurementColumn.Axis
  var low: Double
  var high: Double

  init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1)
    let range = parts.count == 2 ? parts[1].split(separator: ":").compactMap { Double($0) } : []
    guard range.count == 2, range[0] < range[1] else {
      var error = refusal(text, "OBSERVABLE=LOW:HIGH, cos_theta=0.8:0.9")
      error.key = "--slice"
      throw error
    }
    axis = try MeasurementColumn.Axis(named: String(parts[0]))
    (low, high) = (range[0], range[1])
  }
}
