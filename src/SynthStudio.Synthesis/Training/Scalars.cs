using TorchSharp;

namespace SynthStudio.Synthesis.Training;

/// <summary>
/// Constants for tensor operations. A number, or a plus between tensors, makes an object that the garbage collector may free while the
/// operation still reads it (seen on a busy machine as an error in the middle of a training); these live as long as the process.
/// </summary>
internal static class Scalars
{
    public static readonly Scalar One = 1.ToScalar();

    public static readonly Scalar MinusOne = (-1).ToScalar();

    public static readonly Scalar Zero = 0.ToScalar();

    public static readonly Scalar Two = 2.ToScalar();

    /// <summary>Keeps logarithms finite.</summary>
    public static readonly Scalar Tiny = 1e-30f.ToScalar();
}
