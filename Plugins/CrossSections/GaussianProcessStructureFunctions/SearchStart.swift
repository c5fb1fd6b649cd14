/// One of several places where a search for the most probable weights started, and what it led to.
struct SearchStart: Sendable {
  /// What it started from, in words: the prior, near-numu-fhc alone.
  let name: String
  /// −2lnL + |η|² at the end.
  let value: Double
}
