using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>
/// The conditional vector: which category of which column a row is asked to have (arXiv:1907.00503, 4.3). Categories of all columns that are
/// not numbers are numbered through; rare ones, which may not be drawn, are never asked for when sampling.
/// </summary>
internal sealed class ConditionLayout
{
    private readonly double[] training, sampling;

    /// <param name="layout">The columns.</param>
    /// <param name="logFrequency">Weigh categories by the logarithm of their rows in training.</param>
    public ConditionLayout(MixedLayout layout, bool logFrequency)
        : this(layout, logFrequency, [.. Enumerable.Range(0, layout.Count).Where(c => layout.Columns[c].IsCategory)])
    {
    }

    private ConditionLayout(MixedLayout layout, bool logFrequency, int[] columns)
    {
        LogFrequency = logFrequency;
        Columns = columns;
        var (train, sample) = (new List<double>(), new List<double>());
        var (column, symbol, token) = (new List<int>(), new List<ushort>(), new List<int>());
        foreach (var c in Columns)
        {
            var source = layout.Columns[c];
            var weights = Array.ConvertAll(source.Counts, count => count == 0 ? 0 : logFrequency ? Math.Log(count + 1) : count);
            var drawable = source.Counts.Select((count, s) => source.Drawable[s] ? (double)count : 0).ToArray();
            for (var s = 0; s < source.Symbols; s++)
            {
                // Columns are equally likely to be chosen.
                train.Add(weights[s] / Math.Max(weights.Sum(), 1e-9));
                sample.Add(drawable[s] / Math.Max(drawable.Sum(), 1e-9));
                column.Add(c);
                symbol.Add((ushort)s);
                token.Add(layout.TokenOffset[c] + s);
            }
        }

        (Column, Symbol, Token) = ([.. column], [.. symbol], [.. token]);
        (training, sampling) = (Cumulate(train), Cumulate(sample));
    }

    /// <summary>No conditions, whatever the columns.</summary>
    public static ConditionLayout None(MixedLayout layout) => new(layout, logFrequency: false, []);

    public bool LogFrequency { get; }

    /// <summary>Columns that are categories.</summary>
    public int[] Columns { get; }

    /// <summary>Number of conditions; 0 in a table of numbers.</summary>
    public int Count => Column.Length;

    /// <summary>By condition: its column.</summary>
    public int[] Column { get; }

    /// <summary>By condition: its symbol.</summary>
    public ushort[] Symbol { get; }

    /// <summary>By condition: its symbol among those of all columns.</summary>
    public int[] Token { get; }

    /// <summary>A condition as training draws them.</summary>
    public int DrawForTraining(SeededStream random) => Find(training, random);

    /// <summary>A condition at the frequencies of the table: the smoothed ones would make rare categories too frequent in samples.</summary>
    public int DrawForSampling(SeededStream random) => Find(sampling, random);

    /// <summary>The condition that asks for a symbol of a column.</summary>
    public int Of(int column, ushort symbol) => Enumerable.Range(0, Count).First(i => Column[i] == column && Symbol[i] == symbol);

    private static int Find(double[] cumulative, SeededStream random) => cumulative.Length == 0 ? 0 : random.NextIndex(cumulative);

    private static double[] Cumulate(List<double> weights)
    {
        var sum = 0.0;
        return [.. weights.Select(weight => sum += weight)];
    }
}
