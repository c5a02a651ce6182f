using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Mixed;

/// <summary>
/// Mode-specific normalisation of a number (CTGAN, arXiv:1907.00503, 4.2): the symbol says which mode of the column's Gaussian mixture a
/// value belongs to, the scalar (value - mean) / (4 deviations) of that mode. Frequent values and missing ones are symbols without a scalar.
/// </summary>
/// <param name="codec">The column.</param>
/// <param name="modes">What was learned of it.</param>
internal sealed class ModeColumn(NumericCodec codec, NumericModes modes) : MixedColumn
{
    private const double Reach = 4;
    private const float Bound = 0.99f;

    private readonly NumericCells cells = new(codec);

    public override long[] Counts => modes.Counts;

    public override bool[] Drawable { get; } = [.. modes.Counts.Select(_ => true)];

    public override bool[] DrawablePresent => [.. modes.Counts.Select((_, symbol) => symbol != Missing)];

    public override bool[] WithScalar { get; } =
        [.. modes.Counts.Select((_, symbol) => symbol >= modes.Atoms.Length && symbol < modes.Atoms.Length + modes.Mixture.Count)];

    public override bool IsCategory => false;

    private int Missing => modes.Atoms.Length + modes.Mixture.Count;

    public override (ushort[] Symbols, float[]? Scalars) Encode(Column column, SeededStream random)
    {
        var values = ((NumericColumn)column).Values;
        var symbols = new ushort[values.Length];
        var scalars = new float[values.Length];
        Span<double> probabilities = stackalloc double[Math.Max(modes.Mixture.Count, 1)];
        for (var row = 0; row < values.Length; row++)
        {
            var choice = random.NextDouble();
            if (double.IsNaN(values[row]))
            {
                symbols[row] = (ushort)Missing;
                continue;
            }

            var value = Math.Clamp(values[row], codec.Low, codec.High);
            var atom = Array.BinarySearch(modes.Atoms, value);
            if (atom >= 0 || modes.Mixture.Count == 0)
            {
                symbols[row] = (ushort)(atom >= 0 ? atom : Math.Min(~atom, modes.Atoms.Length - 1));
                continue;
            }

            modes.Mixture.Responsibilities(value, probabilities);
            var mode = 0;
            while (mode < modes.Mixture.Count - 1 && (choice -= probabilities[mode]) >= 0) mode++;
            symbols[row] = (ushort)(modes.Atoms.Length + mode);
            scalars[row] = Math.Clamp((float)((value - modes.Mixture.Means[mode]) / (Reach * modes.Mixture.Deviations[mode])), -Bound, Bound);
        }

        return (symbols, modes.Mixture.Count > 0 ? scalars : null);
    }

    public override Column Decode(ushort[] symbols, float[]? scalars, SeededStream random, long firstRow, long seed)
    {
        var values = new double[symbols.Length];
        for (var row = 0; row < values.Length; row++)
        {
            var mode = symbols[row] - modes.Atoms.Length;
            values[row] = mode < 0 ? modes.Atoms[symbols[row]]
                : symbols[row] == Missing ? double.NaN
                : modes.Mixture.Means[mode] + Reach * modes.Mixture.Deviations[mode] * Math.Clamp(scalars![row], -1, 1);
        }

        return cells.Decode(values, random, firstRow, seed);
    }
}
