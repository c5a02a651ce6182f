namespace SynthStudio.Synthesis.Encoding;

/// <summary>A part of a cell: one frequent value (<paramref name="Low"/> equals <paramref name="High"/>), or a range with a uniform density.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Weight">Training rows in it.</param>
public readonly record struct NumericPiece(double Low, double High, double Weight);
