namespace SynthStudio.Evaluation.Neighbours;

/// <summary>A near row.</summary>
/// <param name="Row">Its place in the reference.</param>
/// <param name="Distance">Gower's distance summed over columns.</param>
internal readonly record struct Neighbour(int Row, double Distance);
