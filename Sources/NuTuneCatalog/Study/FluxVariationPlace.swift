/// Where a flux throw acts.
package enum FluxVariationPlace: String, Sendable, CaseIterable, Hashable {
  /// On the flux that models are tuned and fitted with; data come from the nominal one.
  case model
  /// On the flux that makes near and far data; models know the nominal one.
  case data
  /// Two independent throws.
  case both
}
