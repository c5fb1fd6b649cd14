/// A cross section interpolated between the points of a table, with an estimate of the interpolation error.
public protocol InterpolatedModel: CrossSectionModel {
  /// The same cross section from every second point along each direction of its table; nil if too few points are left.
  ///
  /// The difference to it is larger than the error of interpolation: by about a factor of three where the table
  /// resolves the cross section, and by less where it does not.
  var halved: (any CrossSectionModel)? { get }
}
