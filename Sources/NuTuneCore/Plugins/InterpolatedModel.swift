/// A cross section that is interpolated between the points of a table, and can say how good that is.
public protocol InterpolatedModel: CrossSectionModel {
  /// The same cross section from every second point along each direction of its table; nil where too few are left.
  ///
  /// What changes with it is larger than the error of interpolation: by about a factor of three where the table resolves the
  /// cross section, and by less where it does not.
  var halved: (any CrossSectionModel)? { get }
}
