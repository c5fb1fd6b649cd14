// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CNuTune
import NuTuneCore

// The functions that nutune.h declares for likelihoods, with which the compiler compares them.

/// See `nutune_likelihood_open` in nutune.h.
@c @implementation
public func nutune_likelihood_open(
  _ study: OpaquePointer, _ model: UnsafePointer<CChar>, _ atPosteriorMean: Int32, _ progress: nutune_progress?,
  _ user: UnsafeMutableRawPointer?, _ likelihood: UnsafeMutablePointer<OpaquePointer?>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    likelihood.pointee = Handle.make(
      try FarLikelihood(
        Handle.object(study), CText.text(model), atMean: atPosteriorMean != 0, ProgressListener(progress, user)))
  }
}

/// See `nutune_likelihood_describe` in nutune.h.
@c @implementation
public func nutune_likelihood_describe(
  _ likelihood: OpaquePointer, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    json.pointee = try CText.json(Handle.object(likelihood, FarLikelihood.self).description)
  }
}

/// See `nutune_likelihood_data` in nutune.h.
@c @implementation
public func nutune_likelihood_data(
  _ likelihood: OpaquePointer, _ result: UnsafeMutablePointer<Double>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    CArray.write(Handle.object(likelihood, FarLikelihood.self).fit.events, to: result)
  }
}

/// See `nutune_likelihood_with_data` in nutune.h.
@c @implementation
public func nutune_likelihood_with_data(
  _ likelihood: OpaquePointer, _ events: UnsafePointer<Double>, _ other: UnsafeMutablePointer<OpaquePointer?>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    other.pointee = Handle.make(try Handle.object(likelihood, FarLikelihood.self).observing(events))
  }
}

/// See `nutune_likelihood_rates` in nutune.h.
@c @implementation
public func nutune_likelihood_rates(
  _ likelihood: OpaquePointer, _ parameters: UnsafePointer<Double>, _ result: UnsafeMutablePointer<Double>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    let object = Handle.object(likelihood, FarLikelihood.self)
    CArray.write(try object.rates(at: CArray.values(parameters, object.parameters.count)), to: result)
  }
}

/// See `nutune_likelihood_value` in nutune.h.
@c @implementation
public func nutune_likelihood_value(
  _ likelihood: OpaquePointer, _ parameters: UnsafePointer<Double>, _ value: UnsafeMutablePointer<Double>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    let object = Handle.object(likelihood, FarLikelihood.self)
    value.pointee = try object.value(at: CArray.values(parameters, object.parameters.count))
  }
}

/// See `nutune_likelihood_gradient` in nutune.h.
@c @implementation
public func nutune_likelihood_gradient(
  _ likelihood: OpaquePointer, _ parameters: UnsafePointer<Double>, _ value: UnsafeMutablePointer<Double>,
  _ gradient: UnsafeMutablePointer<Double>, _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    let object = Handle.object(likelihood, FarLikelihood.self)
    let slope = try object.slope(at: CArray.values(parameters, object.parameters.count))
    value.pointee = slope.value
    CArray.write([slope.gradient], to: gradient)
  }
}

/// See `nutune_likelihood_pulls` in nutune.h.
@c @implementation
public func nutune_likelihood_pulls(
  _ likelihood: OpaquePointer, _ parameters: UnsafePointer<Double>, _ result: UnsafeMutablePointer<Double>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    let object = Handle.object(likelihood, FarLikelihood.self)
    CArray.write([try object.pulls(at: CArray.values(parameters, object.parameters.count))], to: result)
  }
}
