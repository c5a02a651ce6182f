namespace SynthStudio.Synthesis.GraphicalModel;

/// <summary>Combinations that public rules of the schema exclude.</summary>
/// <param name="Clique">The attributes they are of.</param>
/// <param name="Logarithms">By cell: 0 where it is allowed, negative infinity where not.</param>
internal sealed record StructuralZeros(Clique Clique, double[] Logarithms);
