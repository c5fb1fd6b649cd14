import CKernels

/// The precisions in which a fold is stored: `Float` and `Double`. The requirements are the kernels' entry points.
public protocol FoldScalar: BinaryFloatingPoint, Sendable {
  /// Adds the pieces of whole rows to y.
  static func foldApply(
    _ pieces: UnsafePointer<fold_piece>, _ count: Int, _ coefficients: UnsafePointer<Self>,
    _ nodes: (UnsafePointer<Self>, UnsafePointer<Self>, UnsafePointer<Self>), _ y: UnsafeMutablePointer<Double>)
  /// Adds the transpose of the pieces to the node arrays.
  static func foldTranspose(
    _ pieces: UnsafePointer<fold_piece>, _ count: Int, _ coefficients: UnsafePointer<Self>,
    _ g: UnsafePointer<Double>,
    _ nodes: (UnsafeMutablePointer<Self>, UnsafeMutablePointer<Self>, UnsafeMutablePointer<Self>))
  /// Adds the pieces of whole rows to y, every row divided in parts by the probabilities of its nodes.
  static func foldApplyParts(
    _ pieces: UnsafePointer<fold_piece>, _ count: Int, _ coefficients: UnsafePointer<Self>,
    _ nodes: (UnsafePointer<Self>, UnsafePointer<Self>, UnsafePointer<Self>),
    _ parts: (probabilities: UnsafePointer<Self>, count: Int, stride: Int), _ y: UnsafeMutablePointer<Double>)
  /// Adds the transpose of the pieces in parts to the node arrays.
  static func foldTransposeParts(
    _ pieces: UnsafePointer<fold_piece>, _ count: Int, _ coefficients: UnsafePointer<Self>,
    _ parts: (probabilities: UnsafePointer<Self>, count: Int, stride: Int), _ g: UnsafePointer<Double>,
    _ nodes: (UnsafeMutablePointer<Self>, UnsafeMutablePointer<Self>, UnsafeMutablePointer<Self>))
}

extension Float: FoldScalar {
  /// See `FoldScalar`.
  public static func foldApply(
    _ pieces: UnsafePointer<fold_piece>, _ count: Int, _ coefficients: UnsafePointer<Float>,
    _ nodes: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>), _ y: UnsafeMutablePointer<Double>
  ) {
    fold_apply_f32(pieces, count, coefficients, nodes.0, nodes.1, nodes.2, y)
  }

  /// See `FoldScalar`.
  public static func foldTranspose(
    _ pieces: UnsafePointer<fold_piece>, _ count: Int, _ coefficients: UnsafePointer<Float>,
    _ g: UnsafePointer<Double>,
    _ nodes: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
  ) {
    fold_transpose_f32(pieces, count, coefficients, g, nodes.0, nodes.1, nodes.2)
  }

  /// See `FoldScalar`.
  public static func foldApplyParts(
    _ pieces: UnsafePointer<fold_piece>, _ count: Int, _ coefficients: UnsafePointer<Float>,
    _ nodes: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>),
    _ parts: (probabilities: UnsafePointer<Float>, count: Int, stride: Int), _ y: UnsafeMutablePointer<Double>
  ) {
    fold_apply_parts_f32(
      pieces, count, coefficients, nodes.0, nodes.1, nodes.2, parts.probabilities, parts.count, parts.stride, y)
  }

  /// See `FoldScalar`.
  public static func foldTransposeParts(
    _ pieces: UnsafePointer<fold_piece>, _ count: Int, _ coefficients: UnsafePointer<Float>,
    _ parts: (probabilities: UnsafePointer<Float>, count: Int, stride: Int), _ g: UnsafePointer<Double>,
    _ nodes: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
  ) {
    fold_transpose_parts_f32(
      pieces, count, coefficients, parts.probabilities, parts.count, parts.stride, g, nodes.0, nodes.1, nodes.2)
  }
}

extension Double: FoldScalar {
  /// See `FoldScalar`.
  public static func foldApply(
    _ pieces: UnsafePointer<fold_piece>, _ count: Int, _ coefficients: UnsafePointer<Double>,
    _ nodes: (UnsafePointer<Double>, UnsafePointer<Double>, UnsafePointer<Double>), _ y: UnsafeMutablePointer<Double>
  ) {
    fold_apply_f64(pieces, count, coefficients, nodes.0, nodes.1, nodes.2, y)
  }

  /// See `FoldScalar`.
  public static func foldTranspose(
    _ pieces: UnsafePointer<fold_piece>, _ count: Int, _ coefficients: UnsafePointer<Double>,
    _ g: UnsafePointer<Double>,
    _ nodes: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>)
  ) {
    fold_transpose_f64(pieces, count, coefficients, g, nodes.0, nodes.1, nodes.2)
  }

  /// See `FoldScalar`.
  public static func foldApplyParts(
    _ pieces: UnsafePointer<fold_piece>, _ count: Int, _ coefficients: UnsafePointer<Double>,
    _ nodes: (UnsafePointer<Double>, UnsafePointer<Double>, UnsafePointer<Double>),
    _ parts: (probabilities: UnsafePointer<Double>, count: Int, stride: Int), _ y: UnsafeMutablePointer<Double>
  ) {
    fold_apply_parts_f64(
      pieces, count, coefficients, nodes.0, nodes.1, nodes.2, parts.probabilities, parts.count, parts.stride, y)
  }

  /// See `FoldScalar`.
  public static func foldTransposeParts(
    _ pieces: UnsafePointer<fold_piece>, _ count: Int, _ coefficients: UnsafePointer<Double>,
    _ parts: (probabilities: UnsafePointer<Double>, count: Int, stride: Int), _ g: UnsafePointer<Double>,
    _ nodes: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>)
  ) {
    fold_transpose_parts_f64(
      pieces, count, coefficients, parts.probabilities, parts.count, parts.stride, g, nodes.0, nodes.1, nodes.2)
  }
}
