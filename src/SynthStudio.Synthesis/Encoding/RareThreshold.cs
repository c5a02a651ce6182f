using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// How many rows must share a value before it may be reproduced: 5, 6 or 7, drawn per column, so that the absence of a value does not
/// tell an exact count (as in TabularARGN, arXiv:2501.12012).
/// </summary>
public static class RareThreshold
{
    /// <param name="random">The column's stream.</param>
    /// <param name="protect">False keeps every value: the threshold is 1.</param>
    public static int Draw(SeededStream random, bool protect) => protect ? 5 + random.NextInt(3) : 1;
}
