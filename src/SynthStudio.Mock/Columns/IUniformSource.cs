namespace SynthStudio.Mock;

/// <summary>Where a column takes its uniform numbers from: a distribution's quantile function makes them its values.</summary>
internal interface IUniformSource
{
    /// <summary>A number in (0, 1) for a row of the column with this stream.</summary>
    double Next(long seed, ulong stream, long row);
}

/// <summary>Independent of all other columns.</summary>
internal sealed class IndependentUniforms : IUniformSource
{
    public static IndependentUniforms Instance { get; } = new();

    public double Next(long seed, ulong stream, long row) => new CellRandom(seed, stream, row).NextDouble();
}
